"""Fills one campaign with made-up entries, to measure pages against. Written in bulk, without history."""

import random
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.dates import PartialDate, parse
from apps.desk.actions import start_campaign
from apps.desk.management.progress import Progress
from apps.evidence.models import EVERYWHERE, Quote, Series, SignOff, Statistic
from apps.evidence.series import name_of, newer_than
from apps.legislation.models import Milestone, Outcome, TargetDate
from apps.legislation.slips import reckon
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline import density, index
from apps.timeline.actions import place, show
from apps.timeline.models import Entry, Kind, Link, Relation, State, Tag, Visibility
from apps.words import fold

OWNER = "bench"
BATCH = 5_000
YEARS = 15
SHAPES = 400
"""How many different dates less exact than a day there are at most: reading each takes milliseconds."""
TAGS = 50
RARE = 20
"""The last tag stands on so many entries, however many there are."""
SETTLED = [Outcome.MET] * 14 + [Outcome.MISSED, Outcome.DROPPED, Outcome.FELL]
KINDS = ([Kind.UPDATE, Kind.QUOTE, Kind.STATISTIC, Kind.MILESTONE], [40, 25, 20, 15])
VISIBILITIES = ([Visibility.TEAM, Visibility.PUBLIC, Visibility.STAFF], [70, 25, 5])

FIRST_NAMES = ["Ada", "Ben", "Cara", "Dev", "Efua", "Finn", "Gita", "Hugh", "Ines", "Joan", "Kofi", "Lena"]
LAST_NAMES = ["Abara", "Bright", "Cole", "Dunn", "Eze", "Farrow", "Grant", "Hale", "Iqbal", "Joyce", "Kerr"]
BODIES = ["Trust", "Council", "Department", "Foundation", "Police", "Institute", "Committee", "Alliance"]
ROLES = ["Director", "Head of Policy", "Minister", "Spokesperson", "Chief Constable", "Researcher"]
THINGS = ["online grooming", "the duty of care", "age checks", "the draft bill", "the regulator", "helplines"]
DEEDS = ["published figures on", "answered questions about", "promised a review of", "raised", "debated"]
PLACES = ["West Mercia", "Leeds", "Wales", "the North East", "Kent", "Scotland", "Devon", "London"]
AIMS = ["Royal Assent for", "second reading of", "consultation opens on", "guidance on", "a report on"]

Row = TypeVar("Row", bound=models.Model)


class Command(BaseCommand):
    help = "Add N made-up entries to a campaign, for benchmarks. They have no history and plan no reminders."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, metavar="N")
        parser.add_argument("--campaign", default="bench", metavar="SLUG", help="made where it is missing")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same entries")

    def handle(self, *args: Any, number: int, campaign: str, seed: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This is a production site: made-up entries have no place on it.")
        if number < 1:
            raise CommandError("Say how many entries to make: a number from 1.")
        at = timezone.now()
        home = campaign_of(campaign, at)
        fill(home, number=number, at=at, seed=seed, tell=Progress(number))
        self.stdout.write(f"{number:,} entries added to {home.name}, without history.")


def campaign_of(slug: str, at: datetime) -> Campaign:
    """The campaign at that address, made where it is missing."""
    found = Campaign.objects.filter(slug=slug).first()
    if found:
        return found
    owner = User.objects.filter(username=OWNER).first() or User.objects.create_user(
        OWNER, f"{OWNER}@example.org"
    )
    return start_campaign(by=owner, at=at, name=slug.replace("-", " ").capitalize())


def fill(
    campaign: Campaign, *, number: int, at: datetime, seed: int, tell: Callable[[int], None] = lambda _: None
) -> None:
    """Add so many entries, in batches that are each all or nothing."""
    draw = random.Random(seed)  # noqa: S311  (the same entries every time is the point)
    maker = Maker(draw, make_cast(campaign, number, draw), at, number)
    for start in range(0, number, BATCH):
        stop = min(start + BATCH, number)
        with transaction.atomic():
            maker.add(range(start, stop))
        tell(stop)
    density.rebuild(campaign)


@dataclass(frozen=True)
class Cast:
    """What the entries refer to."""

    campaign: Campaign
    owner: User
    persons: list[int]
    organisations: list[int]
    posts: dict[int, int]
    sources: list[int]
    tags: list[int]


def make_cast(campaign: Campaign, number: int, draw: random.Random) -> Cast:
    persons = _save(Person(campaign=campaign, name=_name(i)) for i in _new(Person, campaign, number // 200))
    bodies = _save(_body(campaign, i) for i in _new(Organisation, campaign, number // 1_000))
    posts = _save(
        Post(person=person, organisation=draw.choice(bodies), role=draw.choice(ROLES)) for person in persons
    )
    sources = _save(_source(campaign, i, draw) for i in _new(Source, campaign, number // 20))
    membership = campaign.memberships.filter(role="owner").select_related("user").order_by("pk").first()
    if membership is None:
        raise CommandError(f"{campaign} has no owner.")
    return Cast(
        campaign=campaign,
        owner=membership.user,
        persons=[row.pk for row in persons],
        organisations=[row.pk for row in bodies],
        posts={row.person_id: row.pk for row in posts},
        sources=[row.pk for row in sources],
        tags=[Tag.objects.get_or_create(campaign=campaign, name=f"tag {i:02}")[0].pk for i in range(TAGS)],
    )


def _new(model: Any, campaign: Campaign, count: int) -> range:
    """Numbers for new rows, going on from those that are there."""
    there = model.objects.filter(campaign=campaign).count()
    return range(there, there + max(count, 3))


def _save(rows: Iterator[Row]) -> list[Row]:
    made = list(rows)
    for row in made:
        if isinstance(row, Person | Organisation):
            row.folded = fold(row.name)
        elif isinstance(row, Source):
            row.folded = fold(f"{row.title} {row.publisher}")
    return type(made[0])._default_manager.bulk_create(made, batch_size=BATCH)


def _name(number: int) -> str:
    rest, first = divmod(number, len(FIRST_NAMES))
    rest, last = divmod(rest, len(LAST_NAMES))
    return f"{FIRST_NAMES[first]} {LAST_NAMES[last]}" + (f" {rest + 1}" if rest else "")


def _body(campaign: Campaign, number: int) -> Organisation:
    place_name = PLACES[number % len(PLACES)]
    body = BODIES[number // len(PLACES) % len(BODIES)]
    return Organisation(campaign=campaign, name=f"{place_name} {body} {number + 1}")


def _source(campaign: Campaign, number: int, draw: random.Random) -> Source:
    day = date(2011, 1, 1) + timedelta(days=draw.randrange(5_400))
    return Source(
        campaign=campaign,
        title=f"Report {number + 1} on {draw.choice(THINGS)}",
        publisher=draw.choice(BODIES),
        url=f"https://example.org/reports/{number + 1}",
        published=day.isoformat(),
        published_day=day,
    )


class Dates:
    """Partial dates of every shape, over the years before `today`."""

    def __init__(self, draw: random.Random, today: date, number: int) -> None:
        self.draw, self.today = draw, today
        self.years = range(today.year - YEARS + 1, today.year + 1)
        self.shapes = [parse(self._shape(i)) for i in range(min(SHAPES, 14 + number // 5))]
        self.ending = [shape for shape in self.shapes if shape.latest]

    def any(self) -> PartialDate:
        return self._day() if self.draw.random() < 0.6 else self.draw.choice(self.shapes)

    def target(self) -> PartialDate:
        """A date that ends, as a target must."""
        return self._day() if self.draw.random() < 0.6 else self.draw.choice(self.ending)

    def near(self, earliest: int, latest: int) -> PartialDate:
        """A date within so many days of today: a day or a month."""
        day = self.today + timedelta(days=self.draw.randint(earliest, latest))
        return on_day(day) if self.draw.random() < 0.7 else parse(f"{day:%Y-%m}")

    def _day(self) -> PartialDate:
        return on_day(self.today - timedelta(days=self.draw.randrange(365 * YEARS)))

    def _shape(self, number: int) -> str:
        year, month = self.draw.choice(self.years), self.draw.randint(1, 12)
        shapes = [
            *(f"{year}-{month:02}", f"{year}-{month:02}", f"{year}", f"{year}~", f"{year}-{month:02}~"),
            *(f"{year}-{self.draw.randint(21, 24)}", f"../{year}-12-31", f"{year}-04/{year + 1}-03"),
            *(f"{year}-{month:02}/..", f"{year}?", f"{year}/{year + 2}", f"{year // 10}X"),
            *(f"{year}-{month:02}-XX", f"{year}-{month:02}-{self.draw.randint(1, 28):02}~"),
        ]
        return shapes[number % len(shapes)]

    @staticmethod
    def read(text: str) -> PartialDate:
        """What `parse` says, without its milliseconds for a day."""
        return on_day(date.fromisoformat(text)) if len(text) == 10 and text[-1].isdigit() else parse(text)


def on_day(day: date) -> PartialDate:
    """What `parse` makes of a day, a thousand times sooner."""
    return PartialDate(day.isoformat(), day, day)


class Maker:
    """Makes batches of entries and all that belongs to them.

    They are recorded one after another over three years, about days spread over fifteen. Only the last ones
    wait for approval or clearance, as on a site in use.
    """

    def __init__(self, draw: random.Random, cast: Cast, at: datetime, number: int) -> None:
        self.draw, self.cast, self.at, self.number = draw, cast, at, number
        self.dates = Dates(draw, cast.campaign.today(at), number)

    def add(self, numbers: range) -> None:
        made = [self._entry(number) for number in numbers]
        details = [self._detail(entry) for entry in made]
        Entry.everything.bulk_create(made)
        for entry, (row, _) in zip(made, details, strict=True):
            if row is not None:
                row.entry = entry  # again: now it has its number
        self._add_series([row for row, _ in details if isinstance(row, Statistic)])
        for model in (Quote, Statistic, Milestone):
            rows: list[Any] = [row for row, _ in details if type(row) is model]
            model.everything.bulk_create(rows)
        self._add_targets(made, details)
        self._add_tags(made, numbers)
        self._add_links(made)
        index.write([entry.pk for entry in made])

    def _entry(self, number: int) -> Entry:
        kind = self.draw.choices(*KINDS)[0]
        recent = number >= self.number * 0.98
        entry = Entry(
            campaign=self.cast.campaign,
            kind=kind,
            headline=self._headline(kind, number),
            note="Made up to measure with." if self.draw.random() < 0.3 else "",
            source_id=self._often_first(self.cast.sources) if self.draw.random() < 0.8 else None,
            state=self._state(recent),
            visibility=self.draw.choices(*VISIBILITIES)[0],
            embargo_until=self.at + timedelta(days=9) if recent and self.draw.random() < 0.05 else None,
            created_by=self.cast.owner,
            recorded_at=self.at - timedelta(days=3 * 365) * (1 - number / self.number),
        )
        self._whose(entry)
        place(entry, self.dates.any())
        show(entry, ready=entry.recorded_at)
        return entry

    def _headline(self, kind: str, number: int) -> str:
        thing, where = self.draw.choice(THINGS), self.draw.choice(PLACES)
        if kind == Kind.MILESTONE:
            return f"{self.draw.choice(AIMS)} {thing}, {where} ({number})"
        return f"{where} {self.draw.choice(DEEDS)} {thing} ({number})"

    def _state(self, recent: bool) -> State:
        if recent and self.draw.random() < 0.3:
            return State.DRAFT
        return State.WITHDRAWN if self.draw.random() < 0.005 else State.PUBLISHED

    def _whose(self, entry: Entry) -> None:
        if entry.kind == Kind.QUOTE or self.draw.random() < 0.1:
            entry.person_id = self._often_first(self.cast.persons)
        if entry.kind == Kind.STATISTIC or self.draw.random() < 0.2:
            entry.organisation_id = self._often_first(self.cast.organisations)

    def _often_first(self, ids: Sequence[int]) -> int:
        """One of them, the first far more often than the last: as a few are quoted again and again."""
        return ids[int(len(ids) * self.draw.random() ** 3)]

    def _detail(self, entry: Entry) -> tuple[Any, list[TargetDate]]:
        """The row of details, and for a milestone its ledger."""
        if entry.kind == Kind.QUOTE:
            return self._quote(entry), []
        if entry.kind == Kind.STATISTIC:
            return self._statistic(entry), []
        return self._milestone(entry) if entry.kind == Kind.MILESTONE else (None, [])

    def _quote(self, entry: Entry) -> Quote:
        words = f"We cannot wait for {self.draw.choice(THINGS)}. {entry.headline} is not enough."
        quote = Quote(entry=entry, words=words, post_id=self.cast.posts.get(entry.person_id or 0))
        recent = self.at - entry.recorded_at < timedelta(days=40)
        if not (recent and self.draw.random() < 0.5):
            quote.cleared_by, quote.cleared_at = self.cast.owner, entry.recorded_at
            quote.sign_off, quote.cleared_for = SignOff.CLEARED, EVERYWHERE
        show(entry, ready=quote.cleared_at)
        return quote

    def _statistic(self, entry: Entry) -> Statistic:
        figure, baseline = self.draw.randint(1, 9_000), self.draw.randint(1, 9_000)
        period = self.draw.choice(self.dates.ending)
        return Statistic(
            entry=entry,
            measure=f"Offences of {self.draw.choice(THINGS)}",
            figure=Decimal(figure),
            unit="offences",
            area=self.draw.choice(PLACES),
            period=period.text,
            period_earliest=period.earliest,
            period_latest=period.latest,
            baseline=Decimal(baseline),
            stated_change=Decimal(round(100 * (figure - baseline) / baseline)),
        )

    def _add_series(self, statistics: list[Statistic]) -> None:
        """Each batch has series of its own, of some twenty figures."""
        alike: dict[str, list[Statistic]] = {}
        for row in statistics:
            alike.setdefault(name_of(row), []).append(row)
        words = [(name, rows[0]) for name, rows in alike.items()]
        made = Series.objects.bulk_create(
            Series(campaign=self.cast.campaign, name=name, measure=row.measure, unit=row.unit, area=row.area)
            for name, row in words
        )
        for series, rows in zip(made, alike.values(), strict=True):
            published = [row for row in rows if row.entry.state == State.PUBLISHED]
            for row in rows:
                row.series = series
                row.superseded_by = newer_than(row, published).newest

    def _milestone(self, entry: Entry) -> tuple[Milestone, list[TargetDate]]:
        """Its ledger first: the rest follows from that, as in the actions."""
        still_open = self.draw.random() < 0.3
        rows = self._ledger(entry, still_open)
        sums = reckon(rows)
        milestone = Milestone(
            entry=entry,
            owner=self.cast.owner if self.draw.random() < 0.8 else None,
            first_latest=sums.first_latest,
            moves=sums.moves,
            changed_at=entry.recorded_at,
        )
        entry.slip_days = sums.slip_days
        target = self.dates.read(rows[-1].date)
        place(entry, target, due=target.due if still_open and entry.state == State.PUBLISHED else None)
        if not still_open:
            self._settle(milestone, rows[-1].latest)
        return milestone, rows

    def _settle(self, milestone: Milestone, latest: date) -> None:
        milestone.outcome = self.draw.choice(SETTLED)
        milestone.settled_on = latest + timedelta(days=self.draw.randint(-20, 5))
        milestone.settled_at = datetime.combine(milestone.settled_on, time(12), UTC)
        if milestone.outcome == Outcome.MET:
            place(milestone.entry, on_day(milestone.settled_on))

    def _ledger(self, entry: Entry, still_open: bool) -> list[TargetDate]:
        """Between one and four targets, each but a few later than the one before."""
        when = self.dates.near(-120, 700) if still_open else self.dates.target()
        rows = [self._target(entry, when, 0)]
        for number in range(1, self.draw.choice([1, 1, 1, 2, 3, 4])):
            latest = rows[-1].latest + timedelta(days=self.draw.randint(-20, 200))
            rows.append(self._target(entry, on_day(latest), number))
        return rows

    def _target(self, entry: Entry, when: PartialDate, number: int) -> TargetDate:
        assert when.latest is not None, "a target ends"
        return TargetDate(
            date=when.text,
            earliest=when.earliest,
            latest=when.latest,
            reason="The timetable was published again." if number else "First target",
            source_id=entry.source_id if number == 0 else None,
            correction=number > 0 and self.draw.random() < 0.1,
            recorded_by=self.cast.owner,
            recorded_at=entry.recorded_at + timedelta(seconds=number),
        )

    def _add_targets(self, made: list[Entry], details: list[tuple[Any, list[TargetDate]]]) -> None:
        rows = []
        for entry, (_, targets) in zip(made, details, strict=True):
            for target in targets:
                target.milestone_id = entry.pk
                rows.append(target)
        TargetDate.objects.bulk_create(rows)

    def _add_tags(self, made: list[Entry], numbers: range) -> None:
        every = max(1, self.number // RARE)
        joins = {(entry.pk, self._often_first(self.cast.tags[:-1])) for entry in made for _ in range(2)} | {
            (entry.pk, self.cast.tags[-1])
            for entry, number in zip(made, numbers, strict=True)
            if number % every == 0
        }
        through: Any = Entry.tags.through
        through._default_manager.bulk_create(
            [through(entry_id=entry, tag_id=tag) for entry, tag in sorted(joins)]
        )

    def _add_links(self, made: list[Entry]) -> None:
        """One entry in ten bears on another of its batch."""
        links = {}
        for entry in self.draw.sample(made, len(made) // 10):
            other, relation = self.draw.choice(made), self.draw.choice(list(Relation))
            if other.pk != entry.pk:
                links[entry.pk, other.pk, relation] = Link(
                    from_entry=entry,
                    to_entry=other,
                    relation=relation,
                    created_by=self.cast.owner,
                    created_at=self.at,
                )
        Link.objects.bulk_create(list(links.values()))
