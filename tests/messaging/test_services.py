"""The outbox: written with its cause, sent once, kept readable when nothing can send it."""

import pytest
from django.core import mail

from daybook.core.errors import NotFound, NotPermitted
from daybook.messaging.errors import NoAddress
from daybook.messaging.models import Message
from daybook.messaging.permissions import access_message, visible_messages
from daybook.messaging.services import Attachment, defer_waiting, deliver, queue_message, resend_message
from daybook.people.actors import actor_of
from daybook.people.models import User
from daybook.tenancy.actor import Actor
from tests.factories.money import NOW, make_client
from tests.factories.sessions import actor_with, make_person


@pytest.fixture
def client(business):
    return make_client()


@pytest.fixture
def provider(settings):
    settings.MAIL_IS_SET_UP = True


def write(client):
    return queue_message(
        to_user=client,
        event="invoice",
        subject="Line\nbreak",
        body="Hello",
        attachment=Attachment("a.pdf", b"%PDF"),
    )


def test_without_a_mail_server_a_message_waits(client):
    message = write(client)
    deliver(message.pk, now=NOW)
    message.refresh_from_db()
    assert (message.status, message.subject, mail.outbox) == ("waiting", "Line break", [])
    assert defer_waiting() == 0


def test_with_one_it_is_sent_once_with_its_attachment(client, provider, business):
    message = write(client)
    deliver(message.pk, now=NOW)
    deliver(message.pk, now=NOW)
    message.refresh_from_db()
    assert (message.status, message.attempts, message.sent_at) == ("sent", 1, NOW)
    [sent] = mail.outbox
    assert (sent.to, sent.attachments[0].filename) == ([client.email], "a.pdf")
    assert sent.from_email.startswith(f'"{business.name}"')


def test_what_the_server_refuses_is_kept_with_the_message(client, provider, monkeypatch):
    def refuse(_mail):
        raise OSError("nobody listens")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    message = write(client)
    deliver(message.pk, now=NOW)
    message.refresh_from_db()
    assert (message.status, message.error) == ("failed", "nobody listens")


def test_without_an_address_it_fails_until_there_is_one(admin, business):
    client = make_client(email="")
    message = write(client)
    assert (message.status, message.error) == ("failed", "no_address")
    with pytest.raises(NoAddress):
        resend_message(actor=admin, message_id=message.pk)
    client.email = "leo@example.com"
    client.save()
    assert resend_message(actor=admin, message_id=message.pk).to_address == "leo@example.com"


def test_defer_waiting_takes_what_was_written_before_there_was_a_server(client, settings):
    write(client)
    settings.MAIL_IS_SET_UP = True
    assert defer_waiting() == 1


def test_messages_are_seen_by_the_team_and_their_reader(admin, client):
    message = write(client)
    reader = Actor(kind="user", role="client", user_id=client.pk)
    stranger = Actor(kind="user", role="client", user_id=make_client().pk)
    assert list(visible_messages(admin)) == list(visible_messages(reader)) == [message]
    with pytest.raises(NotFound):
        access_message(stranger, message.pk)
    with pytest.raises(NotPermitted):
        resend_message(actor=reader, message_id=message.pk)
    assert Message.objects.count() == 1


def test_a_login_of_somebody_above_is_not_read_in_the_outbox(admin):
    """Whoever reads the link chooses the password."""
    staff = make_person("staff")
    of_admin, of_client, of_staff = (
        queue_message(to_user=user, event="password", subject="A new password", body="https://…")
        for user in (User.objects.get(pk=admin.user_id), make_client(), staff)
    )
    seen = set(visible_messages(actor_of(staff)))
    assert seen == {of_client, of_staff}
    assert set(visible_messages(admin)) == {of_admin, of_client, of_staff}
    without = actor_with(staff, manage_clients=False)
    assert set(visible_messages(without)) == {of_staff}


def test_a_client_whose_costs_are_hidden_reads_no_amount_in_the_outbox(client):
    queue_message(to_user=client, event="invoice", subject="INV-0001", body="€23.80")
    welcome = queue_message(to_user=client, event="welcome", subject="Your login", body="leo")
    assert visible_messages(actor_of(client)).count() == 2
    assert list(visible_messages(actor_with(client, hide_costs=True))) == [welcome]
