"""What a tag asks of the page that it stands in: the business's locale, zone and currency, and the address."""

from __future__ import annotations

from django.template import Context


def _of_business(context: Context, name: str, default: str) -> str:
    business = context.get("business")
    return getattr(business, name, None) or default


def locale_of(context: Context) -> str:
    return _of_business(context, "locale", "en")


def zone_of(context: Context) -> str:
    return _of_business(context, "time_zone", "UTC")


def currency_of(context: Context) -> str:
    return _of_business(context, "currency", "EUR")


def parameters_of(context: Context) -> dict[str, list[str]]:
    """The parameters of the page's address, each with all its values; free to be changed."""
    return dict(context["request"].GET.lists()) if "request" in context else {}
