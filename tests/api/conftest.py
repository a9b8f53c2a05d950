"""Every answer in these tests is held against the document, so that the document stays true."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from daybook.api import frame
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from tests.api.client import Caller, caller_for
from tests.support.documents import hold_against_schema


@pytest.fixture(autouse=True)
def true_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "hold_answers", hold_against_schema)


@pytest.fixture(autouse=True)
def loud(settings: object) -> Iterator[None]:
    """A mistake of ours fails the test instead of becoming a 500."""
    settings.API_RAISES = True
    yield


@pytest.fixture
def api(admin: Actor) -> Caller:
    """Calls as the administrator of `business`."""
    return caller_for(User.objects.get(pk=admin.user_id))
