"""Which price holds and what it comes to; what services, locations and rates may hold. Values in, values out."""

from daybook.catalog.rules.cleaning import CLIENT_RATE, LOCATION, SERVICE, WAGE_RATE, clean
from daybook.catalog.rules.prices import FULL, NOTHING, DatedRate, Modifier, Price, price, rate_on, tax_on

__all__ = [
    "CLIENT_RATE", "FULL", "LOCATION", "NOTHING", "SERVICE", "WAGE_RATE", "DatedRate", "Modifier", "Price", "clean", "price",
    "rate_on", "tax_on",
]  # fmt: skip
