"""Groups that two practitioners hold together: who is free then, and works that day, assists."""

from dataclasses import replace

from daybook.ops.demo.catalogue import OFFERS
from daybook.ops.demo.people import Cast
from daybook.ops.demo.timetable import GROUPS, Slot


def held_together(slots: list[Slot], cast: Cast, most: int) -> list[Slot]:
    """The same meetings, of which up to `most` groups have an assistant. No chance is asked: the rest stays as it was."""
    found = list(slots)
    left = most
    for number, slot in enumerate(found):
        if not left:
            break
        if slot.offer in GROUPS and (helper := _helper(slot, found, cast)) is not None:
            found[number] = replace(slot, assistant=helper)
            left -= 1
    return found


def _helper(slot: Slot, slots: list[Slot], cast: Cast) -> int | None:
    """Of those who are free all the weeks, the one with the fewest meetings; one of the subject first."""
    first, last = _span(slot)
    busy: dict[int, int] = dict.fromkeys(range(len(cast.practitioners)), 0)
    taken: set[int] = set()
    for other in slots:
        begins, ends = _span(other)
        together = other.first_week <= slot.last_week and other.last_week >= slot.first_week
        meets = together and other.weekday == slot.weekday and begins < last and ends > first
        for each in other.practitioners:
            busy[each] += 1
            if meets:
                taken.add(each)
    free = [
        index
        for index, each in enumerate(cast.practitioners)
        if index not in taken and slot.weekday in each.days and _within(each.days[slot.weekday], first, last)
    ]
    subject = OFFERS[slot.offer].subject
    return min(free, key=lambda index: (cast.practitioners[index].subject != subject, busy[index], index), default=None)


def _span(slot: Slot) -> tuple[int, int]:
    offer = OFFERS[slot.offer]
    return slot.start - offer.buffer_before, slot.start + slot.minutes + offer.buffer_after


def _within(hours: tuple[int, int], first: int, last: int) -> bool:
    return hours[0] <= first and last <= hours[1]
