from concurrent.futures import ThreadPoolExecutor

from daybook.core.ids import new_id, parse_id


def test_new_ids_are_version_seven_and_ascend() -> None:
    ids = [new_id() for _ in range(2000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert {(value.version, value.variant) for value in ids} == {(7, "specified in RFC 4122")}


def test_new_ids_from_many_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(500)], range(8)))
    assert len({value for batch in batches for value in batch}) == 4000


def test_parse_id_takes_ids_and_nothing_else() -> None:
    known = new_id()
    assert parse_id(str(known)) == known
    assert [parse_id(text) for text in ("", "1", "x" * 36, "\x00" * 36, None, 7)] == [None] * 6
