"""Statements that PostgreSQL plans once a connection, several of them sent in one go: for the paths of every request.

A trip to the database costs more than most of these statements, and so do the driver's and Django's cursors; so they
go to the driver's own layer over libpq, in its pipeline mode. What Django keeps holds: its transactions, its errors,
its log of queries.
"""

import re
import select
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import count
from time import monotonic, perf_counter
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

Values = Mapping[str, Any] | Sequence[Any]
Statement = tuple[str, Values]
Rows = list[tuple[Any, ...]]

_PLACE = re.compile(r"%(?:\((\w+)\)s|(s)|(%))")
_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)


class _Memory:
    """What is kept for a connection: the names of its prepared statements, and how its values are told and read."""

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self.names: dict[bytes, bytes] = {}
        self.transformer = Transformer(raw)


_held: ContextVar[list[Statement] | None] = ContextVar("daybook_held", default=None)

_memories: "WeakKeyDictionary[psycopg.Connection[Any], _Memory]" = WeakKeyDictionary()


def fetch_prepared(statement: str, values: Values) -> Rows:
    """Run a statement as a prepared one and give its rows (none for a statement that answers none).

    Values travel as texts apart from the statement, so each needs a cast where PostgreSQL cannot tell its type. The plan
    is one for all values (`plan_cache_mode` of the connection). Errors come as Django's, with the driver's own as cause.
    """
    return fetch_together([(statement, values)])[0]


@contextmanager
def holding_back() -> Iterator[None]:
    """Let `write_together` hold writes back, for a door that ends the transaction by a trip of its own.

    What the database refuses is then refused at the end: the door takes everything back and lets the request run once
    more, without holding back, so that the verb itself meets the refusal and can say what is in the way.
    """
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def write_together(statements: Sequence[Statement]) -> None:
    """Run writes whose answers nobody waits for: now, in a savepoint, or where the door holds back on the next trip.

    The next trip is that of any statement, Django's own included, so nothing in the transaction can tell the difference.
    """
    held = _held.get()
    if held is None:
        fetch_together(statements, savepoint=True)
    else:
        held.extend(statements)


def send_held(*, commit: bool = False) -> None:
    """Send what is held back, if anything is, before something else is asked; with `commit` as `fetch_together`."""
    if _held.get():
        fetch_together([], commit=commit)


def fetch_together(statements: Sequence[Statement], *, savepoint: bool = False, commit: bool = False) -> list[Rows]:
    """Run statements one after the other in one trip, and give the rows of each. The first error ends them.

    With `savepoint` an error undoes them, and the transaction goes on. With `commit` they end the transaction, where it
    is Django's outermost: nothing may be asked in it afterwards, and what was registered to run on commit runs when
    Django leaves it.
    """
    if savepoint:
        send_held()
    held = _held.get() or []
    asked, skipped = [*held, *statements], len(held)
    held.clear()
    wrapper = connections[DEFAULT_DB_ALIAS]
    wrapper.ensure_connection()
    raw: psycopg.Connection[Any] = wrapper.connection
    before = ["SAVEPOINT together"] if savepoint else []
    after = ["RELEASE together"] if savepoint else []
    if commit and not wrapper.savepoint_ids:
        after.append("COMMIT")
    if not raw.autocommit and raw.pgconn.transaction_status == TransactionStatus.IDLE:
        before.insert(0, "BEGIN")
    started = perf_counter()
    with wrapper.wrap_database_errors, raw.lock:
        memory = _memories.get(raw)
        if memory is None:
            memory = _memories[raw] = _Memory(raw)
        calls = [_call(raw, memory, statement, values) for statement, values in asked]
        try:
            results = _in_one_go(raw, before, calls, after)
        except psycopg.Error:
            if savepoint and raw.pgconn.transaction_status == TransactionStatus.INERROR:
                _in_one_go(raw, ["ROLLBACK TO together", "RELEASE together"], [], [])
            raise
        answers = results[len(before) + skipped : len(before) + len(calls)]
        found = [_rows(memory.transformer, result) for result in answers]
    if wrapper.queries_logged:
        _log(wrapper, [statement for statement, _ in asked], started)
    return found


def _call(
    raw: "psycopg.Connection[Any]", memory: _Memory, statement: str, values: Values
) -> tuple[bytes, Sequence[Any]]:
    text, names = _translated(statement)
    given = [values[name] for name in names] if isinstance(values, dict) else list(values)  # type: ignore[call-overload]
    return _prepared(raw, memory, text), memory.transformer.dump_sequence(given, [PyFormat.TEXT] * len(given))


@lru_cache(maxsize=512)
def _translated(statement: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with numbered places, and their names in order (none where the places have none)."""
    names: list[str] = []
    places = count(1)

    def numbered(match: re.Match[str]) -> str:
        name, place, _ = match.groups()
        if place:
            return f"${next(places)}"
        if not name:
            return "%"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACE.sub(numbered, statement).encode(), tuple(names)


def _prepared(raw: "psycopg.Connection[Any]", memory: _Memory, text: bytes) -> bytes:
    """The statement's name on this connection."""
    name = memory.names.get(text)
    if name is None:
        name = f"daybook_{len(memory.names)}".encode()
        _check(raw.pgconn.prepare(name, text))
        memory.names[text] = name
    return name


def _in_one_go(
    raw: "psycopg.Connection[Any]", before: list[str], calls: list[tuple[bytes, Sequence[Any]]], after: list[str]
) -> list[PGresult]:
    """Send commands, statements and commands, and wait for the result of each. Raises the first error."""
    pgconn = raw.pgconn
    cast(Any, raw).asked_at = monotonic()  # the pool watches how long the server takes
    pgconn.enter_pipeline_mode()
    try:
        for command in before:
            pgconn.send_query_params(command.encode(), None)
        for name, values in calls:
            pgconn.send_query_prepared(name, values)
        for command in after:
            pgconn.send_query_params(command.encode(), None)
        pgconn.pipeline_sync()
        results = _results(raw)
    except BaseException:
        raw.pgconn.finish()  # half a conversation: the next one must begin anew
        raise
    pgconn.exit_pipeline_mode()
    for result in results:
        _check(result)
    return results


def _results(raw: "psycopg.Connection[Any]") -> list[PGresult]:
    """What comes back, up to the mark that ends it. Other threads run while this one waits."""
    pgconn = raw.pgconn
    answers = select.poll()
    answers.register(pgconn.socket, select.POLLIN)
    while pgconn.flush():
        # The server may have to be heard before it takes more.
        select.select([pgconn.socket], [pgconn.socket], [])
        pgconn.consume_input()
    results: list[PGresult] = []
    while True:
        while pgconn.is_busy():
            answers.poll()
            pgconn.consume_input()
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return results
        results.append(result)


def _check(result: PGresult) -> None:
    if result.status not in _DONE:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")


def _rows(transformer: Any, result: PGresult) -> Rows:
    if not result.ntuples:
        return []
    transformer.set_pgresult(result)
    rows: Rows = transformer.load_rows(0, result.ntuples, tuple)
    return rows


def _log(wrapper: Any, texts: list[str], started: float) -> None:
    """One entry a statement, as Django logs begin and commit; the whole time stands beside the last."""
    for text in texts:
        wrapper.queries_log.append({"sql": text.strip(), "time": "0.000"})
    wrapper.queries_log[-1]["time"] = f"{perf_counter() - started:.3f}"
