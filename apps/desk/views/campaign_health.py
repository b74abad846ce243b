"""What would embarrass a campaign: findings, each with its fix, and the lines drafted of broken promises."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.dates import parse
from apps.desk import visible
from apps.desk.findings import CHECKS, Finding, Health, Scene, find_one, look
from apps.desk.kinds import KINDS
from apps.desk.promised import Line, count_waiting, line_of, lines_of, waiting
from apps.evidence.telling import INTO_UPDATE
from apps.health import promises
from apps.health.actions import mute, unmute
from apps.health.forms import ReasonForm
from apps.health.models import BrokenPromise, Mute
from apps.intake.actions import line_decided
from apps.timeline.actions import add_link, record_use
from apps.timeline.forms import EntryForm
from apps.timeline.models import Entry, Kind, Relation, Visibility, Way

MOST_LINES = 20
MOST_MUTED = 200
DECIDED = "Somebody decided on that line first. Nothing was written twice."


@require_safe
def campaign_health(request: HttpRequest, slug: str) -> HttpResponse:
    """All sorts of findings, the first of each; or with `sort` one of them, a page at a time."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    scene = Scene(access)
    chosen = CHECKS.get(request.GET.get("sort", ""))
    after = _number(request.GET.get("after", ""))
    checks = [chosen] if chosen else list(CHECKS.values())
    found = [look(check, scene, after=after if chosen else None) for check in checks]
    rows = list(waiting(access)[:MOST_LINES])
    health = Health([each for each in found if each.count], count_waiting(access))
    muted = list(scene.mutes.items())
    listed = {(each.check.name, finding.subject) for each in found for finding in each.findings}
    context = {
        "access": access,
        "health": health,
        "chosen": chosen,
        "found": [each for each in found if each.findings or each.after],
        "limited": [each for each in found if not each.read_all],
        "lines": lines_of(rows, access),
        "most_lines": MOST_LINES,
        "muted": [(row, _title(row), key in listed) for key, row in muted[:MOST_MUTED]],
    }
    return render(request, "desk/campaign_health.html", context)


def _title(row: Mute) -> str:
    check = CHECKS.get(row.finding)
    return check.title if check else row.finding


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


# --- Muting -----------------------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def mute_finding(request: HttpRequest, slug: str, sort: str, subject: str) -> HttpResponse:
    """Leave a finding as it is, with a reason."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    finding = _finding(access, sort, subject)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        if request.POST.get("facts") == finding.digest:
            _mute(finding, sort, access, form.cleaned_data["reason"])
            messages.success(request, "Muted, for as long as its facts stay as they are.")
            return redirect("campaign_health", slug=slug)
        form.add_error(None, "Its facts have changed since you opened this page. Read them, then mute it.")
    context = {"access": access, "form": form, "finding": finding, "title": CHECKS[sort].title}
    return render(request, "desk/mute_finding.html", context)


def _finding(access: Access, sort: str, subject: str) -> Finding:
    check = CHECKS.get(sort)
    found = find_one(check, Scene(access), subject.replace("-", " ")) if check else None
    if found is None:
        raise Http404("No such finding: perhaps it has been put right.")
    return found


def _mute(finding: Finding, sort: str, access: Access, reason: str) -> None:
    mute(
        campaign=access.campaign,
        finding=sort,
        subject=finding.subject,
        facts=finding.digest,
        said=f"{finding.title}: {finding.working}",
        reason=reason,
        by=access.member,
        at=access.at,
    )


@require_POST
def unmute_finding(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    found = Mute.objects.filter(campaign=access.campaign, pk=pk).first()
    if found is None:
        raise Http404("Nothing is muted under this number.")
    unmute(mute=found, by=access.member, at=access.at)
    messages.success(request, "Unmuted: it is listed again, if it still is so.")
    return redirect("campaign_health", slug=slug)


# --- Lines of broken promises -----------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def take_line(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make a line an update, after reading it over."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    row = _line(access, pk)
    if row is None:
        return _decided(request, slug)
    line = line_of(row, access)
    form = EntryForm(
        request.POST or None, access=access, names=visible.names(access), initial=_starts(line, access)
    )
    if form.is_valid():
        try:
            added = _take(line, form, access)
        except promises.Decided:
            return _decided(request, slug)
        except ValidationError as error:
            form.add_error(None, error)
            return _read_over(request, access, form, line)
        messages.success(request, "On the timeline, linked to the quote and the milestone.")
        return redirect("entry", slug=slug, pk=added.pk)
    return _read_over(request, access, form, line)


def _read_over(request: HttpRequest, access: Access, form: EntryForm, line: Line) -> HttpResponse:
    return render(request, "desk/take_line.html", {"access": access, "form": form, "line": line})


def _starts(line: Line, access: Access) -> dict[str, object]:
    """The update as it might read; for no more eyes than the quote and the milestone."""
    narrow = {line.quote.visibility, line.milestone.visibility}
    return {
        "headline": line.headline,
        "date": parse(access.today.isoformat()),
        "note": line.lasting,
        "source": line.quote.source,
        "visibility": Visibility.PUBLIC if narrow == {Visibility.PUBLIC} else Visibility.TEAM,
    }


@transaction.atomic
def _take(line: Line, form: EntryForm, access: Access) -> Entry:
    """The update with its links; and noted that it has the words, which stay in it when the quote goes."""
    by, at = access.member, access.at
    added = KINDS[Kind.UPDATE].add(form, access.campaign, by, at, True)
    add_link(from_entry=added, to_entry=line.quote, relation=Relation.RESPONDS_TO, by=by, at=at)
    add_link(from_entry=added, to_entry=line.milestone, relation=Relation.UPDATES, by=by, at=at)
    promises.take(line=line.row, entry=added, by=by, at=at)
    line_decided(line=line.row, entry=added, by=by, at=at)
    record_use(
        entries=[line.quote],
        way=Way.COPIED,
        form=INTO_UPDATE,
        where=added.headline,
        address=reverse("entry", kwargs={"slug": access.campaign.slug, "pk": added.pk}),
        by=by,
        at=at,
    )
    return added


@require_http_methods(READ_AND_WRITE)
def dismiss_line(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Leave a line unused, and say why."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    row = _line(access, pk)
    if row is None:
        return _decided(request, slug)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            _dismiss(row, form.cleaned_data["reason"], access)
        except promises.Decided:
            return _decided(request, slug)
        messages.success(request, "Dismissed. It is not drafted again.")
        return redirect("campaign_health", slug=slug)
    context = {"access": access, "form": form, "line": line_of(row, access)}
    return render(request, "desk/dismiss_line.html", context)


@transaction.atomic
def _dismiss(row: BrokenPromise, because: str, access: Access) -> None:
    promises.dismiss(line=row, because=because, by=access.member, at=access.at)
    line_decided(line=row, entry=None, because=because, by=access.member, at=access.at)


def _line(access: Access, pk: int) -> BrokenPromise | None:
    """The line, while it waits; None once it is decided on. Of one whose quote is no longer shown, and of
    another campaign's, there is none."""
    row = waiting(access).filter(pk=pk).first()
    decided = BrokenPromise.objects.filter(campaign=access.campaign, pk=pk)
    if row is None and not decided.exclude(state=BrokenPromise.State.WAITING).exists():
        raise Http404("No such line, or its quote or milestone is no longer shown.")
    return row


def _decided(request: HttpRequest, slug: str) -> HttpResponse:
    messages.error(request, DECIDED)
    return redirect("campaign_health", slug=slug)
