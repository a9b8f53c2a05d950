"""The secret key is made once and readable by its owner only."""

from pathlib import Path

from daybook.config.secret import kept_secret


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"
    first = kept_secret(path)
    assert len(first) >= 64
    assert kept_secret(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret_key"]


def test_secret_given_in_the_file_is_used(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    path.write_text("mine\n")
    assert kept_secret(path) == "mine"
