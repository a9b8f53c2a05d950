"""Reading the ledger: balances, statements, and the proof of the whole."""

from daybook.ledger.queries.balances import Balance, balance_of, balances_of, totals
from daybook.ledger.queries.check import LedgerReport, Problem, check_ledger
from daybook.ledger.queries.statements import Statement, StatementLine, statement

__all__ = [
    "Balance",
    "LedgerReport",
    "Problem",
    "Statement",
    "StatementLine",
    "balance_of",
    "balances_of",
    "check_ledger",
    "statement",
    "totals",
]
