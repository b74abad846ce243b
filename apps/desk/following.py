"""Bills as one person sees them. A bill is seen through its milestones: staff see all of a campaign's,
anybody else those of which they may see a milestone, and those they asked to follow."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from apps.campaigns.access import Access
from apps.campaigns.roles import May
from apps.dates import countdown, days, in_words, long_day
from apps.desk import visible
from apps.legislation.falling import may_have_fallen
from apps.legislation.importing import today_of
from apps.legislation.models import Bill, DateConflict, ProviderLook, Standing, Step, StepState
from apps.legislation.providers import PROVIDERS
from apps.legislation.sync import LOOK_STEPS
from apps.legislation.whats_on import SITTINGS, WHATS_ON
from apps.people.models import Organisation, Person
from apps.timeline.models import Entry

WORKING = ("Asking", "Reading the bill", "Reading its stages", "Writing down what changed")
MOST_STEPS = 500


def bills(access: Access) -> QuerySet[Bill]:
    rows = Bill.objects.filter(campaign=access.campaign).select_related("look", "promise__entry")
    if access.may(May.SEE_HIDDEN):
        return rows
    seen = visible.entries(access).filter(milestone__step__bill=OuterRef("pk"))
    own = Q(followed_by=access.user.pk) if access.user.pk else Q(pk__in=[])
    return rows.filter(Exists(seen) | own)


def bill_of(milestone: Entry) -> Bill | None:
    """The bill it came of, with `starts`, from when on that day; whoever sees the milestone may see that."""
    rows = Bill.objects.filter(steps__milestone=milestone.pk)
    return rows.annotate(starts=F("steps__starts")).first()


def steps(access: Access, bill: Bill) -> QuerySet[Step]:
    """Its days and stages, without those whose milestone this person may not see."""
    rows = bill.steps.select_related("milestone__entry__campaign")
    if access.may(May.SEE_HIDDEN):
        return rows
    return rows.filter(Q(made=False) | Q(milestone__in=visible.entries(access).values("pk")))


def conflicts(access: Access, bill: Bill) -> QuerySet[DateConflict]:
    """What waits to be settled, as far as this person may see what it is about."""
    rows = DateConflict.objects.to_settle().filter(step__in=steps(access, bill))
    return rows.select_related("step__milestone__entry").order_by("theirs", "pk")


def sponsors(access: Access, bill: Bill) -> list[Person]:
    ids = bill.sponsors.exclude(person=None).values("person")
    return list(visible.persons(access).filter(pk__in=ids).prefetch_related("posts__organisation"))


def bodies(access: Access, bill: Bill) -> list[Organisation]:
    """The organisations that brought it in without a person."""
    ids = bill.sponsors.exclude(organisation=None).values("organisation")
    return list(visible.organisations(access).filter(pk__in=ids))


@dataclass(frozen=True)
class Row:
    """A bill in the list: how it stands, and what of it waits for a person."""

    bill: Bill
    stands: str
    conflicts: int
    may_have_fallen: bool = False


def rows_of(found: Iterable[Bill], access: Access) -> list[Row]:
    listed = list(found)
    open_ones = DateConflict.objects.to_settle().filter(step__bill__in=listed)
    counts = dict(open_ones.order_by().values_list("step__bill").annotate(Count("pk")))
    if not access.may(May.MOVE):
        counts = {}
    fallen = may_have_fallen(listed, at=access.at) if access.role else {}
    return [Row(bill, in_a_line(bill), counts.get(bill.pk, 0), bill.pk in fallen) for bill in listed]


def in_a_line(bill: Bill) -> str:
    """ "Committee stage, Lords", or that it is settled."""
    if bill.standing != Standing.OPEN or not bill.stage:
        return str(bill.get_standing_display())
    return f"{bill.stage}{f', {bill.where}' if bill.where else ''}"


@dataclass(frozen=True)
class Line:
    """A day of a stage on the page: `ours` is what we say of it where that is otherwise."""

    step: Step
    entry: Entry | None
    ours: str


def lines_of(found: Sequence[Step]) -> list[Line]:
    return [_line(step) for step in found]


def _line(step: Step) -> Line:
    entry = step.milestone.entry if step.milestone else None
    same = entry is None or step.day is None or entry.date == step.day.isoformat()
    return Line(step, entry, "" if same or entry is None else in_words(entry.date))


def sentence_of(bill: Bill, found: Sequence[Step], access: Access) -> str:
    """Where the bill is, and what comes next."""
    if bill.standing == Standing.LAW:
        law = [step.day for step in found if step.is_law and step.state == StepState.HAPPENED and step.day]
        return f"Law since {long_day(law[-1])}." if law else "Law."
    if bill.standing != Standing.OPEN:
        return f"{bill.get_standing_display()}."
    today = today_of(bill, access.at)
    coming = [step for step in found if step.state == StepState.SCHEDULED and step.day and step.day >= today]
    now = f"{bill.stage}{f', {bill.where}' if bill.where else ''}." if bill.stage else ""
    if coming and (day := coming[0].day):
        goes_on = (coming[0].stage, coming[0].where) == (bill.stage, bill.where)
        what = "Its next day is" if goes_on else f"Next: {coming[0]},"
        return f"{now} {what} {_when(day, today)}.".strip()
    late = [step for step in found if step.waits and step.state == StepState.SCHEDULED and step.day]
    if late and (day := late[0].day):
        return f"{now} {_due(late[0])} {long_day(day)}, {days((today - day).days)} ago.".strip()
    is_bill = bill.provider not in PROVIDERS or PROVIDERS[bill.provider].noun == "bill"
    return f"{now} No day is scheduled.".strip() if is_bill or not now else now


def _due(step: Step) -> str:
    """ "Answer was due on"."""
    return step.stage.replace(" due", " was due on", 1).capitalize().removesuffix(" (named day)")


def _when(day: date, today: date) -> str:
    return f"{countdown(day, today)} ({long_day(day)})"


def promised(bill: Bill, access: Access) -> tuple[Entry, str] | None:
    """What was promised of it, where this person may see that, and how late it is in words."""
    if bill.promise_id is None:
        return None
    entry = visible.entries(access).filter(pk=bill.promise_id).select_related("milestone").first()
    if entry is None:
        return None
    late = entry.milestone.late_days(access.today)
    return entry, f"{days(late)} late" if late > 0 else ""


@dataclass(frozen=True)
class Progress:
    """How far a look is that somebody waits for: `done` of `of`, and what it does now."""

    done: int
    of: int
    words: str


def progress_of(bill: Bill) -> Progress | None:
    look = bill.look
    if look.asked_at is None or not bill.is_followed():
        return None
    done = min(look.done, LOOK_STEPS - 1)
    return Progress(done, LOOK_STEPS, WORKING[done] if done else "Waiting for its turn")


def trouble_of(bill: Bill) -> str:
    """Why its provider cannot be asked, in a sentence; "" where it can."""
    provider = PROVIDERS.get(bill.provider)
    if provider is None:
        return "Nothing here knows how to ask for it any more."
    if off := provider.off():
        return f"{provider.title}: {off}"
    titles = {bill.provider: provider.title}
    if bill.provider == "uk-bills":
        titles[SITTINGS] = f"{WHATS_ON.title}, for hours and cancellations,"
    rows = ProviderLook.objects.filter(provider__in=titles).exclude(said="").order_by("provider")
    return " ".join(f"{titles[row.provider]} could not be asked: {row.said}" for row in rows)
