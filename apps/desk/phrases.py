"""Figures, counts and how milestones stand, in words: for templates, drawings and exports alike."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from apps.campaigns.models import Campaign
from apps.dates import days, in_words, long_day
from apps.evidence.changes import stated
from apps.evidence.figures import long, with_unit
from apps.evidence.models import Outlet, Quote, SignOff, Statistic
from apps.legislation.models import Outcome, TargetDate
from apps.timeline.models import Entry, State


def amount(statistic: Statistic) -> str:
    """A figure with its unit: "389 offences", "99%", "£3.4 billion"."""
    figure = long(statistic.figure, statistic.figure_step)
    return f"{statistic.hedge} {with_unit(figure, statistic.unit)}".strip()


def change_of(statistic: Statistic) -> str:
    """The change as the source states it: "104%", "over 3 percentage points". Empty where it states none."""
    if statistic.stated_change is None:
        return ""
    return stated(
        statistic.stated_change,
        statistic.change_step,
        statistic.change_hedge,
        statistic.change_sort,
        statistic.unit,
    )


def times(count: int) -> str:
    """once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def stands(entry: Entry, today: date) -> str:
    """How a milestone ended, or that it is overdue: "met 664 days late", "dropped", "12 days overdue". Empty
    for one that is still to come."""
    milestone = entry.milestone
    if milestone.outcome == Outcome.MET:
        late = milestone.late_days(today)
        return f"met {days(abs(late))} {'late' if late > 0 else 'early'}" if late else "met on time"
    if not milestone.is_open():
        return milestone.get_outcome_display().lower()
    return f"{days((today - entry.due).days)} overdue" if entry.due and entry.due < today else ""


def is_late(entry: Entry, today: date) -> bool:
    """Whether that is a matter of too many days."""
    if entry.milestone.outcome == Outcome.MET:
        return entry.milestone.late_days(today) > 0
    return entry.milestone.is_open() and entry.is_overdue(today)


def out_of_use(entry: Entry, at: datetime) -> str:
    """Why a quote may not be used now, embargo apart: "not cleared", "consent ended". Empty where it may."""
    quote = entry.quote
    if not quote.is_cleared():
        waiting = {SignOff.SUBMITTED: "waiting to be cleared", SignOff.WITHDRAWN: "clearance withdrawn"}
        return waiting.get(SignOff(quote.sign_off), "not cleared")
    if quote.has_run_out(at):
        return "clearance ended"
    if quote.is_case_study and entry.state == State.PUBLISHED:
        if entry.shown_from is None:
            return "no consent in force"
        if entry.shown_until is not None and entry.shown_until <= at:
            return "consent ended"
    return ""


def cleared_for(quote: Quote, campaign: Campaign) -> str:
    """ "for press, website and print until 3 May 2026"."""
    outlets = [str(outlet.label) for outlet in quote.outlets]
    named = (
        "everything"
        if len(outlets) == len(Outlet)
        else " and ".join(part for part in (", ".join(outlets[:-1]), outlets[-1]) if part)
    )
    if quote.cleared_until is None:
        return f"for {named}"
    return f"for {named} until {last_day(quote.cleared_until, campaign)}"


def last_day(end: datetime, campaign: Campaign) -> str:
    """The last day that lies before something ends: what ends at midnight holds until the day before."""
    return long_day((end - timedelta(microseconds=1)).astimezone(campaign.zone).date())


def moved(entry: Entry) -> str:
    """ ", moved twice", to be added to how it stands."""
    return f", moved {times(entry.milestone.moves)}" if entry.milestone.moves else ""


def story(entry: Entry, ledger: Sequence[TargetDate], today: date) -> list[str]:
    """How a milestone's target came to where it is, a sentence for each step; none for one that never moved
    and is still to come. `ledger`: the targets that count, oldest first."""
    first, *later = ledger
    stand = stands(entry, today)
    if not later and not stand:
        return []
    told = [f"First target: {in_words(first.date)}."]
    told += [f"Moved to {in_words(target.date)}: {target.reason}" for target in later]
    return [*told, f"{stand[0].upper()}{stand[1:]}."] if stand else told
