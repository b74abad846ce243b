"""The clocks of UK law and Parliament: when an answer is due, and every day that was counted to get there.

Bank holidays are those of working_days. When Parliament does not sit is told by whoever asks, as breaks: a
fact that is announced, and changes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from .counting import Count, Step, TooFar, WhyNot, count_days, every_day, months_after
from .working_days import NATIONS, bank_holiday

COMMONS, LORDS, BOTH = "commons", "lords", "both"
FRIDAY, SATURDAY = 4, 5
LONG_ADJOURNMENT = 4
"""Days; of a longer one of both Houses, a statutory instrument's 40 days take no account."""
_WEEK = timedelta(days=7)


class Break(Protocol):
    """Days on which a chamber, or BOTH, does not sit, the first and the last among them. `sort`: recess,
    prorogation or dissolution."""

    @property
    def chamber(self) -> str: ...
    @property
    def sort(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


def breaks_of(chamber: str, breaks: Iterable[Break]) -> list[Break]:
    return [each for each in breaks if each.chamber in (chamber, BOTH)]


# --- Which days count -------------------------------------------------------------------------------------


def working_days(*nations: str) -> WhyNot:
    """Monday to Friday, without the bank holidays of any of these nations."""

    def why_not(day: date) -> str:
        if day.weekday() >= SATURDAY:
            return "weekend"
        return next((name for nation in nations if (name := bank_holiday(day, nation))), "")

    return why_not


def sitting_days(breaks: Iterable[Break], chamber: str) -> WhyNot:
    """Monday to Thursday outside the chamber's breaks. Fridays are left out: it sits on few of them, and
    which is known only some weeks before."""
    off = breaks_of(chamber, breaks)
    at_work = working_days("ENG")

    def why_not(day: date) -> str:
        inside = next((each.name for each in off if each.first <= day <= each.last), "")
        return inside or at_work(day) or ("Friday" if day.weekday() == FRIDAY else "")

    return why_not


def before_parliament(breaks: Iterable[Break]) -> WhyNot:
    """Every day, without those on which Parliament is prorogued or dissolved, or both Houses are adjourned
    for more than four days (Statutory Instruments Act 1946, section 7)."""
    rows = list(breaks)
    ended = [each for each in rows if each.sort != "recess"]
    commons, lords = breaks_of(COMMONS, rows), breaks_of(LORDS, rows)
    away = [
        (max(one.first, other.first), min(one.last, other.last), one.name)
        for one in commons
        for other in lords
        if (min(one.last, other.last) - max(one.first, other.first)).days + 1 > LONG_ADJOURNMENT
    ]

    def why_not(day: date) -> str:
        gone = next((each.name for each in ended if each.first <= day <= each.last), "")
        return gone or next((name for first, last, name in away if first <= day <= last), "")

    return why_not


def sitting_weeks_after(
    start: date, weeks: int, breaks: Iterable[Break], chamber: str, *, back: bool = False
) -> Count:
    """The same weekday, so many weeks later, or earlier (`back`); a week without any sitting day does not
    count. Raises TooFar."""
    if weeks < 1:
        raise TooFar("Count at least one week.")
    sits = sitting_days(breaks, chamber)
    steps: list[Step] = []
    number, day = 0, start
    while number < weeks:
        room = day - date.min if back else date.max - day
        if len(steps) > 500 or room < 2 * _WEEK:  # noqa: PLR2004  ten years
            raise TooFar(f"{weeks:,} sitting weeks from {start.isoformat()} lie too far away.")
        day += -_WEEK if back else _WEEK
        monday = day - timedelta(days=day.weekday())
        reasons = [sits(monday + timedelta(days=each)) for each in range(4)]
        number += not all(reasons)
        steps.append(Step(day, None, reasons[0]) if all(reasons) else Step(day, number))
    return Count(start, tuple(steps))


# --- The clocks -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """`starts` names the day it counts from, `rule` says it in words, `law` where it stands. `counts` takes
    that day and the known breaks; those of these `chambers` matter to it."""

    name: str
    starts: str
    rule: str
    law: str
    url: str
    counts: Callable[[date, Iterable[Break]], Count]
    chambers: tuple[str, ...] = ()


def _months(months: int) -> Callable[[date, Iterable[Break]], Count]:
    def counts(start: date, breaks: Iterable[Break]) -> Count:
        return count_days(start, (months_after(start, months) - start).days, every_day)

    return counts


def _named_day(start: date, breaks: Iterable[Break]) -> Count:
    """Three weekdays of notice, and then on to a sitting day."""
    rows = list(breaks)
    notice = count_days(start, 3, lambda day: "weekend" if day.weekday() >= SATURDAY else "")
    sits = sitting_days(rows, COMMONS)
    if not sits(notice.end):
        return notice
    on = count_days(notice.end, 1, sits)
    waited = Step(notice.end, None, sits(notice.end))
    last = Step(on.end, notice.steps[-1].number)
    return Count(start, (*notice.steps[:-1], waited, *on.steps[:-1], last))


CLOCKS: Mapping[str, Clock] = {
    "foi": Clock(
        "Freedom of information request",
        "The request was received",
        "The twentieth working day after it, without the bank holidays of any part of the United Kingdom",
        "Freedom of Information Act 2000, section 10",
        "https://www.legislation.gov.uk/ukpga/2000/36/section/10",
        lambda start, breaks: count_days(start, 20, working_days(*NATIONS)),
    ),
    "foi-scotland": Clock(
        "Freedom of information request in Scotland",
        "The request was received",
        "The twentieth working day after it, without Scotland's bank holidays",
        "Freedom of Information (Scotland) Act 2002, section 10",
        "https://www.legislation.gov.uk/asp/2002/13/section/10",
        lambda start, breaks: count_days(start, 20, working_days("SCT")),
    ),
    "committee": Clock(
        "Government response to a select committee",
        "The report was published",
        "Two months after it, by convention",
        "Cabinet Office, Giving Evidence to Select Committees",
        "https://www.gov.uk/government/publications/departmental-evidence-and-response-to-select-committees-guidance",
        _months(2),
    ),
    "consultation": Clock(
        "Consultation of twelve weeks",
        "It opened",
        "Twelve weeks after it: the rule until 2012, and still what many promise",
        "HM Government, Code of Practice on Consultation (2008)",
        "https://www.gov.uk/government/publications/consultation-principles-guidance",
        lambda start, breaks: count_days(start, 84, every_day),
    ),
    "named-day": Clock(
        "Written question for a named day, House of Commons",
        "It was tabled",
        "The first day that may be named: a sitting day, at least three days later, without weekends",
        "Standing Order No. 22; Erskine May, paragraph 22.4",
        "https://erskinemay.parliament.uk/section/4934/questions-for-written-answer/",
        _named_day,
        chambers=(COMMONS,),
    ),
    "ordinary": Clock(
        "Ordinary written question, House of Commons",
        "It was tabled",
        "A working week after it: five working days, as the House has endorsed",
        "Erskine May, paragraph 22.4",
        "https://erskinemay.parliament.uk/section/4934/questions-for-written-answer/",
        lambda start, breaks: count_days(start, 5, working_days("ENG")),
    ),
    "negative-si": Clock(
        "Negative statutory instrument: the last day to object",
        "It was laid before the House",
        "Forty days that begin with it, without prorogation, dissolution and adjournments of both Houses for "
        "more than four days",
        "Statutory Instruments Act 1946, sections 5 and 7",
        "https://www.legislation.gov.uk/ukpga/Geo6/9-10/36/section/7",
        lambda start, breaks: count_days(start, 40, before_parliament(breaks), with_start=True),
        chambers=(COMMONS, LORDS),
    ),
}
