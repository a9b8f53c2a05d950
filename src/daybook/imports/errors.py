"""Every refusal that an import can give."""

from typing import Any

from daybook.core.errors import DomainError


class FileUnreadable(DomainError):
    """The file cannot be read as a table; `data["reason"]` is one of REASONS."""

    code = "file_unreadable"
    status = 422

    def __init__(self, reason: str, **data: Any) -> None:
        assert reason in REASONS, reason
        super().__init__(field="file", reason=reason, **data)


REASONS = frozenset(
    {
        "empty",  # nothing in it
        "binary",  # kind: a picture, a PDF, a program …
        "old_excel",  # an .xls of before 2007
        "encrypted",  # a workbook with a password
        "too_large",  # megabytes: the limit
        "too_many_rows",  # rows: the limit
        "too_wide",  # columns: the limit
        "cut_off",  # row: where the text ends in the middle of something
        "damaged",  # an archive that does not open
        "bomb",  # an archive that would unpack into far too much
        "encoding",  # text in no encoding that we know
        "no_rows",  # a header and nothing below it
        "no_table",  # nothing in the archive, the dump or the JSON that could be read
    }
)


class LayoutUnknown(DomainError):
    """No layout knows the file's headings; `data["headings"]` are those of its first full row."""

    code = "layout_unknown"
    status = 422


class HeaderMissing(DomainError):
    """The chosen layout's headings are not in the file; `data["missing"]` names them."""

    code = "header_missing"
    status = 422


class DatesUndecided(DomainError):
    """Dates such as 03/04/2026 can be read in two ways and nothing in the file tells which."""

    code = "dates_undecided"
    status = 422


class ImportRefused(DomainError):
    """Rows were at fault and a part was not asked for, so nothing was written."""

    code = "import_refused"
    status = 422


class ImportNotReady(DomainError):
    """The import is in a state in which this cannot be done; `data["state"]` says which."""

    code = "import_not_ready"


class CannotUndo(DomainError):
    """Something made by the import is in use since; `data["items"]` lists (what, name, why)."""

    code = "cannot_undo"
