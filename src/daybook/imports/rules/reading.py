"""From bytes to tables: which kind of file it is, whatever it is called."""

import io
import zipfile
from pathlib import PurePosixPath

from daybook.imports.errors import FileUnreadable
from daybook.imports.rules.delimited import read_delimited
from daybook.imports.rules.dump import looks_like_dump, looks_like_json, read_dump, read_json
from daybook.imports.rules.html import looks_like_html, read_html
from daybook.imports.rules.tables import MAX_BYTES, Table
from daybook.imports.rules.text import decode
from daybook.imports.rules.workbooks import check_archive, read_workbook

# First bytes of what people send by mistake.
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"\x1f\x8b", "gzip archive"),
    (b"7z\xbc\xaf", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3", "database"),
    (b"{\\rtf", "text document"),
)
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAX_TABLES = 20
_READABLE = frozenset({".csv", ".tsv", ".txt", ".xls", ".xlsx", ".html", ".htm", ".json", ".sql"})


def read_tables(content: bytes, name: str) -> list[Table]:
    """The tables of a file: one for a CSV or a page, one a sheet for a workbook, one a file for an archive of them.

    The name only names the result: the kind is told by the bytes. Raises FileUnreadable.
    """
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FileUnreadable("empty")
    if len(content) > MAX_BYTES:
        raise FileUnreadable("too_large", megabytes=MAX_BYTES // 1024 // 1024)
    if content.startswith(_OLD_EXCEL):
        raise FileUnreadable("encrypted" if _is_encrypted(content) else "old_excel")
    for signature, kind in _SIGNATURES:
        if content.startswith(signature) and not (signature == b"MZ" and b"\x00" not in content[:400]):
            raise FileUnreadable("binary", kind=kind)
    if content.startswith(b"PK"):
        return _read_archive(content, name)
    tables = _read_text(decode(content), name)
    if not tables:
        raise FileUnreadable("no_table")
    return tables


def _read_text(text: str, name: str) -> list[Table]:
    if looks_like_dump(text):
        return read_dump(text)
    if looks_like_json(text):
        return read_json(text, name)
    return [read_html(text, name) if looks_like_html(text) else read_delimited(text, name)]


def _is_encrypted(content: bytes) -> bool:
    """A workbook with a password wears the old format as its envelope."""
    return "EncryptedPackage".encode("utf-16-le") in content


def _read_archive(content: bytes, name: str) -> list[Table]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError) as error:
        raise FileUnreadable("damaged") from error
    check_archive(archive)
    if any(each.startswith("xl/") for each in names):
        return read_workbook(content, name)
    if any(each.startswith(("word/", "ppt/")) for each in names) or "mimetype" in names:
        raise FileUnreadable("binary", kind="document")
    return _read_members(archive, names)


def _read_members(archive: zipfile.ZipFile, names: list[str]) -> list[Table]:
    """Every readable file of an archive; a folder of the system or a hidden file does not count."""
    chosen = [each for each in names if not each.endswith("/") and not _is_hidden(each)]
    tables: list[Table] = []
    for each in sorted(chosen)[:_MAX_TABLES]:
        if PurePosixPath(each).suffix.lower() not in _READABLE:
            continue
        try:
            member = archive.read(each)
        except (zipfile.BadZipFile, RuntimeError, OSError, NotImplementedError, EOFError) as error:
            raise FileUnreadable("encrypted" if "password" in str(error) else "damaged") from error
        except Exception as error:  # a broken stream fails in zlib, lzma or bz2 with errors of their own
            raise FileUnreadable("damaged") from error
        if member.startswith(b"PK") and not each.lower().endswith(".xlsx"):
            continue
        tables.extend(read_tables(member, PurePosixPath(each).name))
    if not tables:
        raise FileUnreadable("no_table")
    return tables


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
