import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template import Context, Template

from daybook.ui.colours import HUES, hue_class
from daybook.ui.forms import BusinessForm, MoneyField, WeekField
from daybook.ui.listing import Column, Listing
from daybook.ui.states import LOOKS, look
from daybook.ui.tags.icons import icon_names
from daybook.ui.terms import word

SOURCE = Path(__file__).resolve().parents[2] / "src" / "daybook"
BUSINESS = SimpleNamespace(name="Lindenhof", time_zone="Europe/Berlin", currency="EUR", locale="en_GB")


def render(text, **context):
    return Template("{% load daybook %}" + text).render(Context({"business": BUSINESS, **context}))


def request(address="", cookies=None):
    return SimpleNamespace(GET=QueryDict(address), COOKIES=cookies or {}, headers={})


def test_every_icon_that_a_page_names_is_in_the_sprite():
    used = {}
    for path in SOURCE.rglob("*.html"):
        for name in re.findall(r"""{% icon ["']([\w-]+)["']""", path.read_text()):
            used.setdefault(name, path.name)
    missing = {name: where for name, where in used.items() if name not in icon_names()}
    assert used and not missing, f"add to ui/icons.txt: {missing}"
    assert {each.icon for each in LOOKS.values()} <= icon_names()


def test_no_template_has_inline_script_or_style():
    found = [
        path.name
        for path in SOURCE.rglob("*.html")
        if "messaging" not in path.parts
        and re.search(
            r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>|\sstyle=|\son[a-z]+=\"|<style", path.read_text()
        )
    ]
    assert not found


def test_money_and_balance():
    assert render("{% money 123450 %}") == "€1,234.50"
    assert render("{% money 500 currency='USD' %}") == "US$5.00"
    assert 'money-owed">\u2212€90.00' in render("{% balance -9000 %}")
    assert 'money-credit">€25.00' in render("{% balance 2500 %}")
    assert render("{% money x %}", x=None) == ""


def test_times_are_on_the_business_clock():
    from datetime import UTC, date, datetime

    instant = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert ">2 Jul 2026<" in render("{% date x %}", x=instant)
    assert ">00:30<" in render("{% time x %}", x=instant)
    assert ">2 Jul 2026, 00:30<" in render("{% datetime x %}", x=instant)
    assert ">1 Jul 2026<" in render("{% date x %}", x=date(2026, 7, 1))


def test_words():
    terms = {"client": {"singular": "student", "plural": "students"}}
    assert render('{% Term "client" "plural" %} {% term "invoice" %}', terms=terms) == "Students invoice"
    assert word(None, "class", "plural") == "classes"


def test_states_have_colour_icon_and_word():
    text = render("{% state 'missed' %}")
    assert "chip-attention" in text and "#user-off" in text and "Missed" in text
    assert "Late notice" in render("{% state 'canceled' label='Late notice' %}")
    assert look("something_new").word == "Something new"


def test_text_is_escaped():
    assert "<b>" not in render(
        "{% avatar x %}{% state 'open' label=x %}{% chip x %}{% Term 'client' %}",
        x="<b>",
        terms={"client": {"singular": "<b>", "plural": ""}},
    )


def test_hues():
    assert hue_class("#0d5a61") == "hue-teal"
    assert hue_class("#ff8800") == "hue-orange"
    assert hue_class("blue") == "hue-blue"
    assert hue_class("Leo Brandt").removeprefix("hue-") in HUES


COLUMNS = [
    Column("name", "Name", order=("last", "-first"), fixed=True),
    Column("phone", "Phone"),
    Column("born", "Born", order=("born",), hidden=True),
]


@pytest.mark.parametrize(
    ("address", "sort", "descending", "number"),
    [
        ("", "name", False, 1),
        ("sort=-born&page=3", "born", True, 3),
        ("sort=phone&page=x", "name", False, 1),
        ("sort=--&page=99999999999", "name", False, 1),
        ("sort=-%00&page=-1", "name", False, 1),
        ("page=²", "name", False, 1),
    ],
)
def test_a_listing_reads_the_address(address, sort, descending, number):
    listing = Listing.read(request(address), "people", COLUMNS, "name")
    assert (listing.sort, listing.descending, listing.number) == (sort, descending, number)


def test_a_listing_orders_and_pages():
    listing = Listing.read(request("sort=-name&page=2"), "people", COLUMNS, "name", size=2)
    assert listing.ordering == ["-last", "first"]
    page = listing.page_of([1, 2, 3, 4, 5])
    assert (list(page), page.has_next, page.has_previous, page.first, page.last) == ([3, 4], True, True, 3, 4)


def test_hidden_columns_come_from_the_cookie_but_fixed_ones_stay():
    assert Listing.read(request(), "people", COLUMNS, "name").hidden == {"born"}
    listing = Listing.read(request(cookies={"daybook_columns_people": "name.phone"}), "people", COLUMNS, "name")
    assert listing.shows == {"name": True, "phone": False, "born": True}
    head = render("{% table_head listing check=True %}", listing=listing, request=request("q=leo&page=4"))
    assert "Phone" not in head and 'aria-sort="ascending"' in head and "q=leo" in head and "page=4" not in head


class SampleForm(BusinessForm):
    cost = MoneyField(label="Cost")
    week = WeekField(label="Week", required=False)


def test_a_form_says_what_is_wrong_beside_the_field():
    form = SampleForm({"cost": "12.345"}, business=BUSINESS)
    text = render("{% field form.cost %}", form=form)
    assert not form.is_valid()
    assert (
        'aria-invalid="true"' in text
        and 'aria-describedby="id_cost-error"' in text
        and "2 digits after the point" in text
    )


@pytest.mark.parametrize(("text", "minor"), [("45.50", 4550), ("1,234", 123400), ("45,5", 4550), ("0", 0)])
def test_money_fields_clean_to_minor_units(text, minor):
    form = SampleForm({"cost": text}, business=BUSINESS)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["cost"] == minor


@pytest.mark.parametrize("text", ["-1", "abc", "1e99", "NaN", "9" * 40, "12.345"])
def test_money_fields_refuse_what_is_no_price(text):
    assert "cost" in SampleForm({"cost": text}, business=BUSINESS).errors


def test_a_week_is_sorted_and_overlaps_are_refused():
    data = QueryDict("cost=1&week-tue-start=14:00&week-tue-end=15:00&week-mon-start=09:00&week-mon-end=12:00")
    form = SampleForm(data, business=BUSINESS)
    assert form.is_valid(), form.errors
    assert [(each["day"], each["start"].hour) for each in form.cleaned_data["week"]] == [("mon", 9), ("tue", 14)]
    for wrong in (
        "week-mon-start=09:00&week-mon-end=12:00&week-mon-start=11:00&week-mon-end=13:00",
        "week-mon-start=12:00&week-mon-end=09:00",
        "week-mon-start=x&week-mon-end=09:00",
    ):
        assert "week" in SampleForm(QueryDict("cost=1&" + wrong), business=BUSINESS).errors


def test_refusals_land_beside_their_field():
    from daybook.core.errors import InvalidInput, NotFound

    form = SampleForm({"cost": "5"}, business=BUSINESS)
    form.refuse(InvalidInput(field="cost", problem="too_large", most=100))
    form.refuse(NotFound(field="nowhere"))
    assert form.errors["cost"] == ["At most 100."]
    assert form.non_field_errors()


def test_fifty_rows_render_quickly():
    """Parts of rows are cheap: a page of 50 rows with six parts each takes few milliseconds."""
    import time

    template = Template(
        "{% load daybook %}{% for n in rows %}<tr><td>{% avatar n %}</td><td>{% state 'open' %}</td><td>{% money 4550 %}</td><td>{% date d %}</td><td>{% span a a %}</td><td>{% icon 'edit' %}</td></tr>{% endfor %}"
    )
    from datetime import UTC, date, datetime

    context = Context(
        {
            "business": BUSINESS,
            "rows": [f"Person {n}" for n in range(50)],
            "d": date(2026, 1, 1),
            "a": datetime(2026, 1, 1, 9, tzinfo=UTC),
        }
    )
    template.render(context)
    best = min(_seconds(lambda: template.render(context), time.perf_counter) for _ in range(5))
    assert best < 0.05


def _seconds(call, clock):
    start = clock()
    call()
    return clock() - start
