"""All lines in their order."""

import sys
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from daybook.catalog.models import Service
from daybook.config.process import settle_memory
from daybook.core.periods import day_start, local_date
from daybook.ops.bench.business import Subject, ensure, subject_of
from daybook.ops.bench.reads import read_lines
from daybook.ops.bench.server import Adding, Running, add_lines
from daybook.ops.bench.timing import Line
from daybook.ops.bench.writes import write_lines
from daybook.people.actors import issue_token
from daybook.people.models import User
from daybook.scheduling.models import Session
from daybook.tenancy.scope import open_scope

_DOUBLE = """
    select count(*) from scheduling_occupancy a join scheduling_occupancy b
    on a.resource_id = b.resource_id and a.span && b.span and a.id < b.id
    where a.session_id = any(%s)
"""


def measure_all(size: str, server: Running) -> list[Line]:
    """Every line that needs the business; progress goes to the error stream."""
    now = timezone.now()
    subject = subject_of(ensure(size, now), now)
    settle_memory()  # as every process that serves does
    lines: list[Line] = []
    for line in read_lines(subject):
        lines.append(_said(line))
    for line in write_lines(subject):
        lines.append(_said(line))
    added: list[str] = []
    for line, ids in add_lines(server, _adding(subject, now)):
        added += ids
        lines.append(_said(line))
    lines.append(_said(_proof(subject, added)))
    return lines


def _said(line: Line) -> Line:
    print(f"daybook: {line.name}: {line.median:.2f} {line.unit}", file=sys.stderr, flush=True)
    return line


def _adding(subject: Subject, now: datetime) -> Adding:
    """From the day after the last session on, so that every run finds the calendar empty."""
    with open_scope(subject.business.pk, actor=subject.actor):
        last = Session.objects.aggregate(last=Max("starts_at"))["last"]
        people = User.objects.filter(status="active").order_by("id")
        return Adding(
            token=issue_token(user_id=subject.actor.user_id, now=now, name="bench"),  # type: ignore[arg-type]
            service=Service.objects.filter(kind="hourly", is_concurrent=False).order_by("name")[0].pk,
            practitioners=tuple(people.filter(role="practitioner").values_list("id", flat=True)),
            clients=tuple(people.filter(role="client").values_list("id", flat=True)),
            from_day=day_start(
                local_date(last, subject.business.time_zone) + timedelta(days=2), subject.business.time_zone
            ),
        )


def _proof(subject: Subject, added: list[str]) -> Line:
    """Of the sessions that were acknowledged: how many are there, and whether any time was given away twice."""
    with open_scope(subject.business.pk, actor=subject.actor), connection.cursor() as cursor:
        there = Session.objects.filter(pk__in=added).count()
        cursor.execute(_DOUBLE, [added])
        double = cursor.fetchone()[0]
    lost = len(added) - there
    return Line(
        "acknowledged and lost, or double",
        lost + double,
        unit="sessions",
        target=0,
        note=f"{len(added):,} acknowledged",
    )
