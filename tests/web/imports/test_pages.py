"""Settings > Import: the first look, the questions, the import, the job, the way back."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daybook.imports.models import Import, ImportProgress, Preset
from daybook.imports.services import NoProgress
from daybook.payments.models import Payment
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from daybook.workflows import queue_import
from tests.factories.sessions import make_client, make_person
from tests.support.logins import signed_in

PAYMENTS = b"Client,Date,Amount,Method\nIda Berg,2026-01-05,40.50,cash\n"
UNKNOWN = b"Kunde;Wann;Betrag;Wie\nIda Berg;03.04.2026;45,00;cash\n"
COLUMNS = {"column-client": "Kunde", "column-date": "Wann", "column-amount": "Betrag", "column-method": "Wie"}


@pytest.fixture
def office(admin: Actor) -> Client:
    """The administrator's browser."""
    make_client(first_name="Ida", last_name="Berg")
    return signed_in(User.objects.get(pk=admin.user_id))


def upload(office: Client, content: bytes, name: str = "file.csv", **data: Any) -> str:
    """Choose a file; answers the address of its page."""
    answer = office.post("/settings/import/upload/", {"file": SimpleUploadedFile(name, content), "once": name} | data)
    assert answer.status_code == 302, text_of(answer)
    return str(answer["Location"])


def text_of(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_upload_shows_what_would_happen_and_run_does_it(office: Client) -> None:
    page = upload(office, PAYMENTS)
    assert "Import 1 row" in text_of(office.get(page))
    assert not Payment.objects.exists()
    assert office.post(f"{page}run/", {"once": "k"}).status_code == 302
    assert "€40.50" in text_of(office.get(page))
    assert Payment.objects.get().amount_minor == 4050


def test_run_twice_imports_once(office: Client) -> None:
    page = upload(office, PAYMENTS)
    for _ in range(2):
        assert office.post(f"{page}run/", {"once": "k"}).status_code == 302
    assert Payment.objects.count() == 1


def test_undo_from_the_page(office: Client) -> None:
    page = upload(office, PAYMENTS)
    office.post(f"{page}run/", {"once": "k"})
    office.post(f"{page}undo/", {"once": "u"})
    assert "This import was undone" in text_of(office.get(page))
    assert not Payment.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.4", "This is a PDF, not a table"),
        (b"PK\x03\x04half", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 99, "before 2007"),
        (b'Client,Date,Amount\nIda,"2026', "stops in the middle of row"),
        (b"Client,Date,Amount\n", "nothing below it"),
        (b"a,b\n1,2\n", "No known layout has these headings: a, b"),
    ],
)
def test_wrong_files_are_explained(office: Client, content: bytes, said: str) -> None:
    answer = office.get(upload(office, content))
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert "Import 1" not in text_of(answer)


def test_upload_without_a_file_is_refused(office: Client) -> None:
    assert office.post("/settings/import/upload/", {}).status_code == 422
    assert not Import.objects.exists()


def test_rows_at_fault_are_told_and_can_be_downloaded_and_left_out(office: Client) -> None:
    page = upload(office, PAYMENTS + b"Nobody,2026-01-05,=1+1,cash\n")
    said = text_of(office.get(page))
    assert "“=1+1” is no amount" in said
    rows = list(csv.reader(io.StringIO(office.get(f"{page}problems.csv").content.decode("utf-8-sig"))))
    assert rows[0] == ["Row", "Column", "Problem", "Client", "Date", "Amount", "Method"]
    assert (rows[1][0], rows[1][1], rows[1][5]) == ("3", "Amount", "'=1+1")
    office.post(f"{page}run/", {"once": "k", "partial": "1"})
    said = text_of(office.get(page))
    assert "Some rows were left out" in said
    assert Payment.objects.count() == 1
    assert office.get(f"{page}problems.csv").content.decode("utf-8-sig").count("\n") == 2


def test_run_with_rows_at_fault_writes_nothing(office: Client) -> None:
    page = upload(office, PAYMENTS + b"Ida Berg,2026-01-05,abc,cash\n")
    office.post(f"{page}run/", {"once": "k"})
    assert not Payment.objects.exists()
    assert Import.objects.get().state == "refused"


def test_undecided_dates_are_asked_by_column(office: Client) -> None:
    page = upload(office, PAYMENTS.replace(b"2026-01-05", b"05/01/2026"))
    assert "Which way round are the dates?" in text_of(office.get(page))
    office.post(f"{page}options/", {"order-Date": "day_first"})
    assert "Import 1 row" in text_of(office.get(page))


def test_columns_are_matched_once_and_kept_as_a_preset(office: Client) -> None:
    page = upload(office, UNKNOWN)
    assert "No known layout" in text_of(office.get(page))
    office.post(f"{page}options/", {"layout": "daybook-payments", "shown_layout": "auto", "time_zone": "Europe/Berlin"})
    assert "Missing: Client, Date and Amount" in text_of(office.get(page))
    chosen = {"layout": "daybook-payments", "shown_layout": "daybook-payments", "columns": "chosen"} | COLUMNS
    office.post(f"{page}options/", chosen)
    assert "Import 1 row" in text_of(office.get(page))
    assert office.post(f"{page}preset/", {"name": "Old books"}).status_code == 302
    second = upload(office, UNKNOWN.replace(b"45,00", b"46,00"), "second.csv")
    assert "Import 1 row" in text_of(office.get(second))
    office.post(f"{second}run/", {"once": "k"})
    assert str(Payment.objects.get().received_on) == "2026-04-03"
    office.post(f"/settings/import/presets/{Preset.objects.get().pk}/delete/")
    assert not Preset.objects.exists()


def test_likely_duplicates_are_chosen_on_the_page(office: Client) -> None:
    User.objects.filter(last_name="Berg").update(email="ida@example.org")
    page = upload(office, b"First name,Last name,Email\nIda,Berg,other@example.org\n")
    answer = office.get(page).content.decode()
    name = re.search(r'name="(same-[0-9a-f]+)"', answer)
    assert name is not None
    office.post(f"{page}options/", {name[1]: str(User.objects.get(last_name="Berg").pk)})
    office.post(f"{page}run/", {"once": "k"})
    assert User.objects.filter(last_name="Berg").count() == 1


def test_a_long_file_goes_to_a_job_that_can_be_left(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_import, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(queue_import, "SideProgress", lambda batch: NoProgress())
    page = upload(office, PAYMENTS)
    office.post(f"{page}run/", {"once": "k"})
    batch = Import.objects.get()
    assert batch.state == "queued"
    ImportProgress.objects.filter(batch=batch).update(phase="writing", done=3, total=4)
    assert "Writing 3 / 4" in text_of(office.get(page))
    assert "Writing 3 / 4" in text_of(office.get(f"{page}progress/", headers={"HX-Request": "true"}))
    queue_import.run_queued(import_id=str(batch.pk), clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    assert office.get(f"{page}progress/")["HX-Refresh"] == "true"
    assert "€40.50" in text_of(office.get(page))


def test_a_long_undo_goes_to_a_job_and_comes_back_with_the_reasons_where_it_cannot(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_import, "AT_ONCE_RECORDS", 0)
    monkeypatch.setattr(queue_import, "SideProgress", lambda batch: NoProgress())
    page = upload(office, PAYMENTS)
    office.post(f"{page}run/", {"once": "k"})
    batch = Import.objects.get()

    def undo(key: str) -> None:
        office.post(f"{page}undo/", {"once": key})
        assert Import.objects.get().state == "undoing"
        ImportProgress.objects.filter(batch=batch).update(phase="undoing", done=1, total=4)
        assert "Taking it back 1 / 4" in text_of(office.get(page))
        assert office.post(f"{page}undo/", {"once": f"{key}again"}).status_code == 409
        queue_import.undo_queued(
            import_id=str(batch.pk), user_id=str(batch.created_by), clock=lambda: datetime(2026, 6, 1, tzinfo=UTC)
        )

    Payment.objects.update(refunded_minor=1)
    undo("u")
    assert Import.objects.get().state == "done"
    assert "The import cannot be undone any more" in text_of(office.get(page))
    Payment.objects.update(refunded_minor=0)
    undo("v")
    assert "This import was undone" in text_of(office.get(page))
    assert not Payment.objects.exists()


def test_a_job_that_cannot_read_the_file_says_so(office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_import, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(queue_import, "SideProgress", lambda batch: NoProgress())
    page = upload(office, b"a,b\n1,2\n")
    office.post(f"{page}run/", {"once": "k"})
    queue_import.run_queued(import_id=str(Import.objects.get().pk), clock=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    assert Import.objects.get().state == "failed"
    assert "No known layout" in text_of(office.get(page))


def test_put_away_forgets_the_file(office: Client) -> None:
    page = upload(office, PAYMENTS)
    office.post(f"{page}discard/")
    assert office.get(page).status_code == 404


@pytest.mark.parametrize("layout", ["clients", "practitioners", "services", "sessions", "payments"])
def test_empty_tables_can_be_downloaded_and_are_recognised(office: Client, layout: str) -> None:
    answer = office.get(f"/settings/import/layouts/daybook-{layout}.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "nothing below it" in text_of(office.get(upload(office, answer.content, f"{layout}.csv")))


def test_unknown_addresses_are_404(office: Client) -> None:
    for path in (
        "layouts/nothing.csv",
        "00000000-0000-7000-8000-000000000000/",
        "00000000-0000-7000-8000-000000000000/problems.csv",
    ):
        assert office.get(f"/settings/import/{path}").status_code == 404


def test_only_administrators_open_it(office: Client) -> None:
    page = upload(office, PAYMENTS)
    for role in ("staff", "practitioner"):
        other = signed_in(make_person(role, username=role))
        assert other.get("/settings/import/").status_code == 403
        assert other.get(page).status_code == 403
        assert other.post(f"{page}run/", {"once": "k"}).status_code == 403


def test_list_takes_as_many_queries_for_three_files_as_for_one(office: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert office.get("/settings/import/").status_code == 200
        return len(captured)

    upload(office, PAYMENTS, "1")
    one = queries()
    upload(office, PAYMENTS, "2")
    upload(office, PAYMENTS, "3")
    assert queries() == one
