"""What an import will write, decided whole before anything is written: each row goes in, is there already, or is at fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from daybook.catalog.rules import LOCATION, clean
from daybook.core.errors import DomainError, InvalidInput
from daybook.core.ids import new_id
from daybook.imports.layouts.building import ref
from daybook.imports.rules import roster as who
from daybook.imports.rules.columns import person_columns, service_columns
from daybook.imports.rules.items import (
    BalanceItem,
    PaymentItem,
    PersonItem,
    PersonRef,
    Place,
    RowProblem,
    SaleItem,
    ServiceItem,
    SessionItem,
    SourceRow,
)
from daybook.imports.rules.names import fold
from daybook.imports.rules.parsing import ParsedFile
from daybook.imports.rules.plan import Known, NewPerson, Plan, RowRefused, Step
from daybook.imports.rules.planned_sessions import (
    clash_refusal,
    outcome_of,
    own_clash,
    scheduled_of,
    settled,
    span_of,
)
from daybook.imports.rules.roster import Ambiguous, Person, Roster, Unknown
from daybook.payments.rules import NewPayment, payment_problems
from daybook.scheduling.rules import (
    ClientFacts,
    Facts,
    LocationFacts,
    PractitionerFacts,
    ServiceFacts,
    check_notes,
    occupied,
)
from daybook.scheduling.rules.whole import WholeAssistant, WholePlace, WholeSession

# Where a field has no column of its own in a layout, the column that stands for it.
_STANDS_FOR = {
    "clients": ("clients", "client", "first_name", "last_name", "email", "name"),
    "client": ("client", "clients", "first_name", "last_name", "email", "name"),
    "practitioner": ("practitioner",),
    "start": ("start", "date"),
    "end": ("end", "minutes", "start"),
    "received_on": ("date", "received_on"),
    "starts_at": ("date", "start"),
    "ends_at": ("end", "minutes"),
    "cost_minor": ("cost",),
    "wage_minor": ("wage",),
    "first_name": ("first_name", "name", "last_name"),
}


def plan_import(parsed: ParsedFile, known: Known, *, same: Mapping[str, str] | None = None) -> Plan:
    """Decide every row of a parsed file. `same` maps the fingerprint of a row to the id of the person that it is, or `new`."""
    return _Planner(parsed, known, same or {}).run()


class _Planner:
    def __init__(self, parsed: ParsedFile, known: Known, same: Mapping[str, str]) -> None:
        self.parsed, self.known, self.same = parsed, known, same
        self.plan = Plan(problems=list(parsed.problems))
        self.roster = Roster(known.people, {key: value for key, value in known.foreign.items() if key[0] in _ROLES})
        self.services = {fold(facts.name): facts for facts in known.services.values()}
        self.service_numbers = {
            number: known.services[record_id]
            for (kind, number), record_id in known.foreign.items()
            if kind == "service" and record_id in known.services
        }
        self.locations = {fold(facts.name): facts for facts in known.locations.values()}
        self.faulty = {(problem.sheet, problem.row) for problem in parsed.problems}
        self.left_out: dict[str, set[int]] = {}  # heads of sessions that do not go in
        self.refused: dict[str, set[int]] = {}

    def run(self) -> Plan:
        for part in self.parsed.parts:
            for row in part.rows:
                if (row.sheet, row.number) not in self.faulty:
                    self._row(row)
        return self.plan

    def _row(self, row: SourceRow) -> None:
        if row.digest in self.known.digests:
            self.plan.skipped += 1
            self.plan.skipped_rows.append(row)
            self.left_out.setdefault(row.sheet, set()).add(row.number)
            return
        if row.number in self.refused.get(row.sheet, ()):
            return
        if row.joins in self.left_out.get(row.sheet, ()):
            self._problem(row, RowRefused("", "joined_row_left_out", other_row=row.joins))
            return
        step = Step(row)
        found = self._try(row, step)
        if found is None:
            self._keep(row, step)
            return
        self._undo(step)
        head = [refused for refused in found if refused.row in (0, row.number)]
        for refused in found:
            self._problem(row, refused)
        if head:
            self.left_out.setdefault(row.sheet, set()).add(row.number)
        else:
            self._row(_without_rows(row, {refused.row for refused in found}))

    def _try(self, row: SourceRow, step: Step) -> list[RowRefused] | None:
        """Decide the row's items; why it cannot be taken, or None."""
        try:
            for item in row.items:
                self._item(item, step)
        except RowRefused as refused:
            return [refused]
        except InvalidInput as error:
            # A date out of range is one mistake, though both of its instants are wrong.
            first = {each.code: each for each in reversed(error.errors)}
            return [RowRefused(each.field, each.code, **each.data) for each in error.errors if first[each.code] is each]
        except DomainError as error:
            return [RowRefused(error.field or "", error.code, **error.data)]
        return None

    def _keep(self, row: SourceRow, step: Step) -> None:
        plan = self.plan
        plan.services += step.services
        plan.locations += step.locations
        plan.people += step.people
        for pair in step.assignments:
            plan.assignments.setdefault(pair, step.source)
        plan.sessions += step.sessions
        for session in step.sessions:
            if session.is_taking_time:
                self.known.timetable.take(occupied(session.facts, session.starts_at, session.ends_at), row.number)
        plan.payments += step.payments
        plan.balances += step.balances
        plan.sales += step.sales
        plan.records += step.records
        plan.notices += step.notices
        plan.taken_rows.append(row)
        if row.items and not any(record.is_new for record in step.records):
            plan.matched += 1
        else:
            plan.created += 1

    def _undo(self, step: Step) -> None:
        """Forget what the refused row would have made, so that a later row does not build on it."""
        for person in step.made:
            self.roster.forget(person)
        for service_id, values in step.services:
            self.services.pop(fold(values["name"]), None)
            self.service_numbers = {
                number: facts for number, facts in self.service_numbers.items() if facts.id != service_id
            }
        for _, values in step.locations:
            self.locations.pop(fold(values["name"]), None)

    def _problem(self, row: SourceRow, refused: RowRefused) -> None:
        part = self.parsed.parts[row.part]
        names = _STANDS_FOR.get(refused.field, (refused.field,))
        headings = [part.header.heading_of(name) for name in names]
        column = next((heading for heading in headings if heading), "")
        self.refused.setdefault(row.sheet, set()).add(refused.row or row.number)
        self.plan.problems.append(RowProblem(refused.row or row.number, column, refused.code, refused.data, row.sheet))

    # Items -----------------------------------------------------------------------------------------------------

    def _item(self, item: Any, step: Step) -> None:
        match item:
            case PersonItem():
                self._person(item, step)
            case ServiceItem():
                self._service(item, step)
            case SessionItem():
                self._session(item, step)
            case PaymentItem():
                self._payment(item, step)
            case BalanceItem():
                self._balance(item, step)
            case SaleItem():
                self._sale(item, step)

    def _person(self, item: PersonItem, step: Step) -> None:
        chosen = self.same.get(step.row.digest, "")
        match = self.roster.match(item)
        if chosen and chosen != "new":
            found = next((person for person in self.roster.by_id.values() if str(person.id) == chosen), None)
            match = who.Match(found, "choice")
        if match.person:
            self.roster.learn(match.person, item.foreign_id)
            step.record(item.role, match.person.id, is_new=False, foreign_id=item.foreign_id)
            return
        if match.similar and chosen != "new":
            facts = {"name": match.similar.name, "id": str(match.similar.id), "digest": step.row.digest,
                     "email": match.similar.email, "phone": match.similar.phone}  # fmt: skip
            step.notices.append(RowProblem(step.row.number, "", "likely_duplicate", facts, step.row.sheet))
        values = person_columns(item, today=self.known.today)
        if item.username and self.roster.has_username(item.username):
            raise RowRefused("username", "username_taken", username=item.username)
        practitioners = tuple(
            self._person_of(ref(name, "practitioner"), "practitioners").id for name in item.practitioners
        )
        if item.agent:
            values["agent_id"] = self._person_of(ref(item.agent, "agent"), "agent").id
        person = who.person_of(item, new_id())
        self.roster.add(person, item.foreign_id)
        step.made.append(person)
        step.people.append(NewPerson(person.id, values, practitioners))
        step.record(item.role, person.id, is_new=True, foreign_id=item.foreign_id)

    def _service(self, item: ServiceItem, step: Step) -> None:
        there = self.service_numbers.get(item.foreign_id) or self.services.get(fold(item.name))
        if there:
            self.service_numbers.setdefault(item.foreign_id, there)
            step.record("service", there.id, is_new=False, foreign_id=item.foreign_id)
            return
        self._make_service(item, step)

    def _make_service(self, item: ServiceItem, step: Step) -> ServiceFacts:
        values = service_columns(item)
        facts = ServiceFacts(
            id=new_id(), name=values["name"], is_hourly=item.kind == "hourly", cost_minor=item.cost_minor, wage_minor=item.wage_minor,
            tax_rate=values["tax_rate"], buffer_before=item.buffer_before, buffer_after=item.buffer_after, is_concurrent=item.is_concurrent,
        )  # fmt: skip
        self.services[fold(item.name)] = facts
        if item.foreign_id:
            self.service_numbers[item.foreign_id] = facts
        step.services.append((facts.id, values))
        step.record("service", facts.id, is_new=True, foreign_id=item.foreign_id)
        return facts

    def _session(self, item: SessionItem, step: Step) -> None:
        starts_at, ends_at = span_of(item, self.known)
        check_notes(public_note=item.public_note, internal_note=item.internal_note)
        people = [self._person_of(each, "practitioner", step) for each in (item.practitioner, *item.assistants)]
        practitioners = {person.id: person for person in people}
        service = self._service_of(item, step)
        location = self._location_of(item.location, step)
        places = self._places(item, step)
        clients = tuple(
            ClientFacts(
                person.id, person.name, person.status, rates=self.known.client_rates.get((person.id, service.id), ())
            )
            for person, _ in places
        )
        places = [(person, settled(place, ends_at, self.known)) for person, place in places]
        leading, *assistants = (
            PractitionerFacts(each.id, each.name, each.status, self.known.wage_rates.get((each.id, service.id), ()))
            for each in practitioners.values()
        )
        facts = Facts(service, location, leading, clients, assistants=tuple(assistants))
        outcome = outcome_of(item, facts, [place for _, place in places], starts_at, ends_at, self.known)
        scheduled = scheduled_of(facts, outcome, starts_at, ends_at, self.known)
        new = tuple(WholePlace(new_id(), client.id, amount) for client, amount in zip(clients, scheduled, strict=True))
        helping = tuple(WholeAssistant(new_id(), each.id) for each in assistants)
        notes = item.public_note, item.internal_note
        session = WholeSession(new_id(), facts, starts_at, ends_at, new, outcome, *notes, helping)
        if session.is_taking_time:
            spans = occupied(facts, starts_at, ends_at)
            if (clash := self.known.timetable.clash(spans)) or (clash := own_clash(step, spans)):
                raise clash_refusal(facts, *clash)
        step.sessions.append(session)
        step.assignments += [
            (each, client.id)
            for each in practitioners
            for client in clients
            if (each, client.id) not in self.known.assigned
        ]
        step.source = "session"
        step.record("session", session.id, is_new=True, foreign_id=item.foreign_id)

    def _places(self, item: SessionItem, step: Step) -> list[tuple[Person, Place]]:
        found: dict[UUID, tuple[Person, Place]] = {}
        for place in item.places:
            person = self._person_of(place.client, "clients", step, row=place.row)
            if person.id in found:
                raise RowRefused("clients", "client_twice", row=place.row, name=person.name)
            found[person.id] = person, place
        return list(found.values())

    def _payment(self, item: PaymentItem, step: Step) -> None:
        person = self._person_of(item.client, "client", step)
        new = NewPayment(person.id, item.amount_minor, item.method, item.received_on, item.reference, item.note)
        if found := payment_problems(new):
            raise InvalidInput(found)
        if item.received_on > self.known.today:
            raise RowRefused("date", "in_the_future")
        payment_id = new_id()
        step.payments.append((payment_id, new))
        step.record("payment", payment_id, is_new=True, foreign_id=item.foreign_id)

    def _balance(self, item: BalanceItem, step: Step) -> None:
        person = self._person_of(item.client, "client", step)
        if not item.balance_minor:
            step.record("client", person.id, is_new=False, foreign_id=item.client.foreign_id)
            return
        balance_id = new_id()
        step.balances.append((balance_id, person.id, item.balance_minor))
        step.record("balance", balance_id, is_new=True)

    def _sale(self, item: SaleItem, step: Step) -> None:
        person = self._person_of(item.client, "client", step)
        if item.sold_on > self.known.today:
            raise RowRefused("date", "in_the_future")
        sale_id = new_id()
        step.sales.append((sale_id, person.id, item))
        step.record("sale", sale_id, is_new=True, foreign_id=item.foreign_id)

    # What a row refers to ---------------------------------------------------------------------------------------

    def _person_of(self, wanted: PersonRef, field: str, step: Step | None = None, row: int = 0) -> Person:
        try:
            return self.roster.find(wanted)
        except Ambiguous as error:
            raise RowRefused(
                field, "ambiguous_person", row=row, role=wanted.role, **who.as_problem_data(error)
            ) from error
        except Unknown as error:
            if not (wanted.make and step):
                raise RowRefused(
                    field, "unknown_person", row=row, role=wanted.role, **who.as_problem_data(error)
                ) from error
        person = self.roster.make(wanted)
        step.made.append(person)
        item = PersonItem(wanted.role, person.first_name, person.last_name, email=wanted.email, phone=wanted.phone)
        step.people.append(NewPerson(person.id, person_columns(item, today=self.known.today), ()))
        step.record(wanted.role, person.id, is_new=True, foreign_id=wanted.foreign_id)
        return person

    def _service_of(self, item: SessionItem, step: Step) -> ServiceFacts:
        number = self.service_numbers.get(item.service_foreign_id) if item.service_foreign_id else None
        there = number or self.services.get(fold(item.service))
        if there:
            return there
        if not item.make_service:
            raise RowRefused("service", "unknown_service", name=item.service)
        made = ServiceItem(item.service, kind="fixed", cost_minor=item.service_cost_minor, minutes=item.minutes or 60)
        return self._make_service(made, step)

    def _location_of(self, name: str, step: Step) -> LocationFacts | None:
        if not name:
            return None
        there = self.locations.get(fold(name))
        if there:
            return there
        values = clean(LOCATION, {"name": name})
        facts = LocationFacts(new_id(), values["name"], None)
        self.locations[fold(name)] = facts
        step.locations.append((facts.id, values))
        step.record("location", facts.id, is_new=True)
        return facts


def _without_rows(row: SourceRow, numbers: set[int]) -> SourceRow:
    """The row without the places that joined it from rows at fault."""
    items = [
        replace(item, places=tuple(place for place in item.places if place.row not in numbers))
        if isinstance(item, SessionItem)
        else item
        for item in row.items
    ]
    return replace(row, items=tuple(items))


_ROLES = ("client", "practitioner", "staff", "agent")
