"""What became of a bill that was open when its session ended."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.dates import parse
from apps.desk import visible
from apps.desk.actions import change_milestones
from apps.desk.views.bills import find_bill
from apps.legislation.falling import may_have_fallen, open_milestones, say_it_fell, say_it_was_carried_over
from apps.legislation.forms import FellForm
from apps.legislation.importing import today_of
from apps.legislation.models import Bill, Standing
from apps.timeline.models import Entry


@require_http_methods(READ_AND_WRITE)
def fell(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that it fell, on which day and why; the page shows what falls with it."""
    access = open_campaign(request, slug, May.MOVE)
    found = find_bill(access, pk)
    if found.standing != Standing.OPEN:
        messages.error(request, f"Nothing was changed: {found.get_standing_display().lower()} already.")
        return redirect("bill", slug=slug, pk=pk)
    flagged = may_have_fallen([found], at=access.at).get(found.pk)
    starts = {"on": parse(flagged.ended.first.isoformat()), "because": flagged.because} if flagged else {}
    form = FellForm(
        request.POST or None,
        today=today_of(found, access.at),
        promise=_promise(found, access),
        initial=starts,
    )
    if form.is_valid() and (said := _say_it_fell(form, found, access)) is not None:
        messages.success(request, f"It fell. {said}")
        return redirect("bill", slug=slug, pk=pk)
    context = {
        "access": access,
        "bill": found,
        "form": form,
        "flagged": flagged,
        "milestones": [milestone.entry for milestone in open_milestones(found)],
    }
    return render(request, "desk/bill_fell.html", context)


def _promise(found: Bill, access: Access) -> Entry | None:
    """What was promised of it, while that is open and theirs to see."""
    if found.promise_id is None:
        return None
    return visible.entries(access).filter(pk=found.promise_id, due__isnull=False).first()


def _say_it_fell(form: FellForm, found: Bill, access: Access) -> str | None:
    filled = form.cleaned_data
    try:
        fallen = change_milestones(
            lambda: say_it_fell(
                bill=found,
                on=filled["on"],
                because=filled["because"],
                promise=filled.get("promise", False),
                by=access.member,
                at=access.at,
            ),
            at=access.at,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None
    if not fallen:
        return "No milestone of it was open."
    fell_too = "1 milestone" if len(fallen) == 1 else f"{len(fallen)} milestones"
    return f"{fell_too} fell with it, and what reminded of them is cancelled."


@require_POST
def carried_over(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that it went on after the session that ended on the day `on`: it is not asked again of that one."""
    access = open_campaign(request, slug, May.MOVE)
    found = find_bill(access, pk)
    on = _day(request.POST.get("on", ""))
    if on is None:
        messages.error(request, "Nothing was changed: which session was meant could not be read.")
        return redirect("bill", slug=slug, pk=pk)
    try:
        opened = change_milestones(
            lambda: say_it_was_carried_over(bill=found, on=on, because="", by=access.member, at=access.at),
            at=access.at,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        again = f" {len(opened)} of its milestones are open again." if opened else ""
        messages.success(request, f"It was carried over.{again}")
    return redirect("bill", slug=slug, pk=pk)


def _day(typed: str) -> date | None:
    try:
        return parse_date(typed[:20])
    except ValueError:
        return None
