"""Mindbody reports. The downloads are often web tables called .xls, with rows that lack their opening tag."""

from collections.abc import Sequence

from daybook.imports.layouts.base import Column, Layout, Setting, Values
from daybook.imports.layouts.building import drop_totals, fold_label, text
from daybook.imports.rules.cells import CellProblem
from daybook.imports.rules.items import BalanceItem, Item, PersonItem, PersonRef, SaleItem
from daybook.imports.rules.names import split_name

# What is written where nothing is known.
_NO_NAME = frozenset({".", "-", "n/a", "none", "x"})
_NO_PHONE = frozenset({"10000000000", "1000000000", "0000000000", "n/a", "-"})
_METHODS = (("card", "card"), ("visa", "card"), ("master", "card"), ("amex", "card"), ("cash", "cash"), ("check", "check"), ("cheque", "check"), ("transfer", "bank"), ("ach", "bank"), ("direct", "bank"), ("paypal", "paypal"))  # fmt: skip


def _client(values: Values, setting: Setting) -> Sequence[Item]:
    first, last = text(values, "first_name"), text(values, "last_name")
    if not first:
        first, last = last, ""
    if not first:
        raise CellProblem("required", field="first_name")
    return [
        PersonItem(
            "client",
            first,
            last,
            preferred_name=text(values, "preferred_name"),
            email=text(values, "email"),
            phone=text(values, "mobile") or text(values, "home_phone"),
            foreign_id=text(values, "foreign_id"),
        )
    ]


def _payer(values: Values) -> PersonRef:
    first, last = split_name(values["client"])
    last = "" if last in _NO_NAME else last
    return PersonRef("client", values["client"], first, last, foreign_id=text(values, "foreign_id"), make=True)


def _balance(values: Values, setting: Setting) -> Sequence[Item]:
    return [BalanceItem(_payer(values), values["balance"])]


def _sale(values: Values, setting: Setting) -> Sequence[Item]:
    total, paid = values["total"], values.get("paid") or 0
    if total * paid < 0:
        raise CellProblem("signs_differ", field="paid")
    name = text(values, "item") or "Sale"
    quantity = values.get("quantity")
    described = f"{quantity} × {name}" if quantity and quantity not in (1, -1) else name
    return [
        SaleItem(
            _payer(values),
            values["date"].day,
            described[:300],
            total,
            paid,
            _method(text(values, "method")),
            text(values, "sale"),
        )
    ]


def _method(written: str) -> str:
    plain = written.casefold()
    return next((method for part, method in _METHODS if part in plain), "other")


def _drop_clients(texts: Sequence[str], values: Values) -> str | None:
    """`Total clients 312` at the end; letters of the alphabet as group headings."""
    filled = [each for each in texts if each]
    if filled and fold_label(filled[0]).startswith("total clients"):
        return "total"
    if len(filled) == 1 and not values.get("foreign_id"):
        return "group"
    return drop_totals(texts, values)


def _drop_sales(texts: Sequence[str], values: Values) -> str | None:
    filled = [each for each in texts if each]
    first = fold_label(filled[0]) if filled else ""
    if first.startswith(("total", "grand total", "sub total", "subtotal")) and not values.get("sale"):
        return "subtotal" if first.startswith(("sub", "total for")) else "total"
    if len(filled) == 1:
        return "group"
    return drop_totals(texts, values)


MAILING_LIST = Layout(
    name="mindbody-mailing-list",
    label="Mindbody: mailing list",
    system="mindbody",
    record="clients",
    signature=("nickname", "mobile phone", "home phone"),
    needs=(frozenset({"first_name", "last_name"}),),
    build=_client,
    drops=_drop_clients,
    columns=(
        Column("last_name", ("Last name",), "name", empty=_NO_NAME),
        Column("first_name", ("First name",), "name", empty=_NO_NAME),
        Column("preferred_name", ("Nickname",), "name", empty=_NO_NAME),
        Column("foreign_id", ("ID", "Barcode ID", "Client ID"), "text"),
        Column("mobile", ("Mobile phone",), "phone", empty=_NO_PHONE),
        Column("home_phone", ("Home phone",), "phone", empty=_NO_PHONE),
        Column("email", ("Email",), "email", empty=_NO_NAME),
    ),
    help="Reports > Clients > Mailing List.",
)
BALANCES = Layout(
    name="mindbody-account-balances",
    label="Mindbody: account balances",
    system="mindbody",
    record="balances",
    signature=("account balance",),
    build=_balance,
    drops=_drop_sales,
    total="balance",
    amount=lambda values: values.get("balance"),
    columns=(
        Column("foreign_id", ("ID", "Client ID"), "text"),
        Column("client", ("Client", "Client name"), "text", required=True),
        Column("balance", ("Account balance",), "money", required=True, help="below zero: the client owes"),
    ),
    help="Reports > Clients > Account Balances.",
)
SALES = Layout(
    name="mindbody-sales",
    label="Mindbody: sales",
    system="mindbody",
    record="sales",
    signature=("sale id", "item name", "item total"),
    build=_sale,
    drops=_drop_sales,
    total="total",
    amount=lambda values: values.get("total"),
    columns=(
        Column("date", ("Sale Date",), "moment", required=True),
        Column("foreign_id", ("Client ID",), "text"),
        Column("client", ("Client", "Client name"), "text", required=True),
        Column("sale", ("Sale ID",), "text"),
        Column("item", ("Item Name", "Item name", "Description"), "text"),
        Column("location", ("Location",), "text"),
        Column("quantity", ("Quantity", "Qty"), "whole"),
        Column("total", ("Item Total",), "money", required=True),
        Column("paid", ("Total Paid w/ Payment Method", "Total Paid"), "money"),
        Column("method", ("Payment Method", "Payment Type"), "text"),
    ),
    help="Reports > Sales.",
)
LAYOUTS = (MAILING_LIST, BALANCES, SALES)
