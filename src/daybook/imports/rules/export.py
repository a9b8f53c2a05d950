"""Writing cells that a spreadsheet program will not take for formulas."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(cell: object) -> object:
    """The cell, with an apostrophe before a text that would be read as a formula; reading takes it off again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
