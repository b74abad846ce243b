"""What may be wrong with quotes and the sources they rest on."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.campaigns.roles import May
from apps.dates import countdown, in_words, long_day
from apps.desk import visible
from apps.desk.findings.finding import Check, Finding, Fix, Scene
from apps.desk.newer import on_or_in
from apps.evidence.checks import EXPLAINED, Verbatim
from apps.people.models import Post
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind

SOON = timedelta(days=14)
"""How long before it ends a clearance or a consent is worth a look."""
NAMED = 2
"""Differences named in a finding; the entry's page has them all."""


def _quotes(scene: Scene) -> QuerySet[Entry]:
    return scene.newest.filter(kind=Kind.QUOTE)


# --- Not verbatim -----------------------------------------------------------------------------------------


def _unverified(scene: Scene) -> QuerySet[Entry]:
    rows = _quotes(scene).exclude(quote__verdict__badge=Verbatim.VERIFIED.value)
    return rows.select_related("quote__verdict", "source")


def _judge_words(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [_word_finding(scene, entry) for entry in rows]


def _word_finding(scene: Scene, entry: Entry) -> Finding:
    verdict = getattr(entry.quote, "verdict", None)
    badge = Verbatim(verdict.badge) if verdict else Verbatim.NO_SOURCE
    differences = verdict.differences if verdict else []
    said = EXPLAINED[badge] if verdict else "Its words have not been checked yet."
    apart = [_difference(ours, theirs) for ours, theirs in differences[:NAMED]]
    working = f"{said} {'; '.join(apart)}." if apart else said
    facts = (badge.value, entry.source_id, entry.quote.words, differences)
    return scene.finding(entry, working, facts, _word_fix(scene, entry, badge))


def _difference(ours: str, theirs: str) -> str:
    if ours and theirs:
        return f"It says “{ours}”, the source “{theirs}”"
    return f"The source lacks “{ours}”" if ours else f"The source also says “{theirs}”"


def _word_fix(scene: Scene, entry: Entry, badge: Verbatim) -> Fix:
    if entry.source_id is None:
        return scene.fix("Name its source", "edit_entry", pk=entry.pk)
    if badge == Verbatim.NO_SOURCE:
        return scene.fix("Keep the text of its source", "add_snapshot", pk=entry.source_id)
    return scene.fix("Put the words right", "edit_entry", pk=entry.pk)


# --- Clearance and consent that end -----------------------------------------------------------------------


def _ending(scene: Scene) -> QuerySet[Entry]:
    until = scene.access.at + SOON
    rows = scene.entries.filter(kind=Kind.QUOTE, shown_until__isnull=False, shown_until__lte=until)
    return rows.select_related("quote")


def _judge_ends(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [_end_finding(scene, entry) for entry in rows]


def _end_finding(scene: Scene, entry: Entry) -> Finding:
    ends = entry.shown_until
    assert ends is not None
    day = scene.access.campaign.today(ends)
    clearance = entry.quote.cleared_until == ends
    what = "clearance" if clearance else "consent"
    over = ends <= scene.access.at
    when = long_day(day)
    if over:
        working = f"Its {what} ran out on {when}, so only staff see it; whoever copied it has it still."
    else:
        working = f"Its {what} ends on {when}, {countdown(day, scene.today)}; then readers see it no longer."
    facts = (what, ends.isoformat(), "over" if over else "soon")
    if clearance:
        fix = scene.fix("Clear it again", "clear_quote", need=May.CLEAR, pk=entry.pk)
    else:
        fix = scene.fix("Record a new consent", "record_consent", pk=entry.pk)
    return scene.finding(entry, working, facts, fix)


# --- Posts that were not held that day --------------------------------------------------------------------


def _out_of_post(scene: Scene) -> QuerySet[Entry]:
    """Those that name a post of another time, and those without one whose speaker had left theirs."""
    theirs = Post.objects.filter(person=OuterRef("person"))
    held = theirs.filter(
        Q(from_day=None) | Q(from_day__lte=Coalesce(OuterRef("latest"), OuterRef("placed"))),
        Q(to_day=None) | Q(to_day__gte=OuterRef("placed")),
    )
    other_time = Q(quote__post__to_day__lt=F("earliest")) | Q(quote__post__from_day__gt=F("latest"))
    left = Q(Exists(theirs.filter(to_day__lt=OuterRef("placed"))), ~Exists(held), quote__post__isnull=True)
    rows = _quotes(scene).filter(other_time | left, earliest__isnull=False)
    return rows.select_related("quote__post__organisation", "quote__post__person", "person").prefetch_related(
        "person__posts__organisation"
    )


def _judge_posts(scene: Scene, rows: Sequence[Entry]) -> list[Finding]:
    return [_post_finding(scene, entry) for entry in rows]


def _post_finding(scene: Scene, entry: Entry) -> Finding:
    post = entry.quote.post or _last_post(entry)
    if post.to_day and post.to_day < entry.placed:
        when = f"had ended ({in_words(post.held_to)})"
    else:
        when = f"had not begun ({in_words(post.held_from)})"
    working = f"Said {on_or_in(entry.date)}, when {post.person}’s post as {post} {when}."
    facts = (entry.date, post.pk, post.held_from, post.held_to)
    fix = scene.fix("Put the post right", "person", need=May.SEE, pk=post.person_id)
    return scene.finding(entry, working, facts, fix)


def _last_post(entry: Entry) -> Post:
    """The last that ended before that day; there is one, or the entry were not here."""
    assert entry.person is not None
    ended = [post for post in entry.person.posts.all() if post.to_day and post.to_day < entry.placed]
    return max(ended, key=lambda post: (post.to_day, post.pk))


# --- Sources whose page is gone ---------------------------------------------------------------------------


def _dead(scene: Scene) -> QuerySet[Source]:
    rows = visible.sources(scene.access).filter(live_page__dead_since__isnull=False)
    return rows.select_related("live_page").prefetch_related("snapshots")


def _judge_sources(scene: Scene, rows: Sequence[Source]) -> list[Finding]:
    return [_source_finding(scene, source) for source in rows]


def _source_finding(scene: Scene, source: Source) -> Finding:
    page = source.live_page
    since = page.dead_since
    assert since is not None
    said = f" ({page.said.rstrip('.')})" if page.said else ""
    kept = list(source.snapshots.all())
    text = "The text that was kept of it is still here." if kept else "No text of it is kept."
    return Finding(
        subject=f"source {source.pk}",
        key=source.pk,
        title=str(source),
        address=scene.to("source", pk=source.pk),
        working=f"Its page has been gone since {long_day(scene.access.campaign.today(since))}{said}. {text}",
        facts=(source.url, since.isoformat(), "kept" if kept else "not kept"),
        fix=scene.fix("Give its new address", "edit_source", pk=source.pk),
    )


UNVERIFIED = Check(
    "words",
    "Quotes that cannot be verified",
    "quote that cannot be verified",
    "quotes that cannot be verified",
    _unverified,
    _judge_words,
    newest=True,
)
ENDING = Check(
    "clearance",
    "Clearance and consent that ran out, or will within two weeks",
    "clearance or consent that ran out or soon will",
    "clearances and consents that ran out or soon will",
    _ending,
    _judge_ends,
)
OUT_OF_POST = Check(
    "posts",
    "Speakers who did not hold the post that day",
    "speaker who did not hold the post that day",
    "speakers who did not hold the post that day",
    _out_of_post,
    _judge_posts,
    newest=True,
)
DEAD = Check(
    "sources",
    "Sources whose page is gone",
    "source whose page is gone",
    "sources whose page is gone",
    _dead,
    _judge_sources,
)
