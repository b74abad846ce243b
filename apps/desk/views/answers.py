"""What a person does from a message itself, without signing in: seen, later, no more of these."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import READ_AND_WRITE
from apps.campaigns.models import Membership
from apps.notices.actions import switch_channel
from apps.notices.letters import find_by_token
from apps.notices.models import Delivery, Kind
from apps.reminders.actions import acknowledge, snooze_until
from apps.reminders.planning import plan_person
from apps.timeline.models import Entry

SEEN = 0
ANSWERS = {SEEN: "I have seen it", 1: "Tell me again tomorrow", 3: "In 3 days", 7: "In a week"}


class Ticked(forms.ModelMultipleChoiceField):
    """Entries by their numbers. Of one longer than a database can hold, SQLite says only OverflowError."""

    def clean(self, value: Any) -> QuerySet[Any]:
        try:
            return super().clean(value)
        except OverflowError:
            raise ValidationError(self.error_messages["required"]) from None


class AnswerForm(forms.Form):
    """Which of a message's milestones, and what: seen, or so many days later."""

    about = Ticked(queryset=None, error_messages={"required": "Tick what you answer to."})
    answer = forms.TypedChoiceField(choices=list(ANSWERS.items()), coerce=int)


def find_letter(token: str, at: datetime) -> Delivery:
    """The message the link came in. Raises Http404 for a link that leads nowhere any more."""
    delivery = find_by_token(token, at=at)
    if delivery is None:
        raise Http404("This link is damaged or too old. Sign in to see your reminders.")
    return delivery


def open_milestones(delivery: Delivery, at: datetime) -> QuerySet[Entry]:
    """Of what the message spoke: what is still open, as far as its reader may still see it."""
    spoken_of = delivery.reminders.values("milestone")
    joined = Membership.objects.filter(user=delivery.recipient).values_list("campaign", flat=True)
    visible = Entry.objects.visible_to(delivery.recipient, at=at)
    rows = visible.filter(pk__in=spoken_of, campaign__in=list(joined), due__isnull=False)
    return rows.select_related("campaign", "milestone").order_by("due", "pk")


@never_cache
@require_http_methods(READ_AND_WRITE)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Say “seen” or “later” of what a message was about."""
    at = timezone.now()
    delivery = find_letter(token, at)
    entries = open_milestones(delivery, at)
    form = AnswerForm(request.POST or None)
    form.fields["about"].queryset = entries  # type: ignore[attr-defined]
    if form.is_valid() and _write(form, delivery, at):
        said = "Seen, and noted." if form.cleaned_data["answer"] == SEEN else "You will be told again then."
        messages.success(request, said)
        return redirect("answer", token=token)
    context = {"delivery": delivery, "entries": list(entries), "form": form, "answers": ANSWERS}
    return _private(render(request, "desk/answer.html", context))


@transaction.atomic
def _write(form: AnswerForm, delivery: Delivery, at: datetime) -> bool:
    """Write the answer down for each; what cannot wait goes onto the form, and nothing is written."""
    later = form.cleaned_data["answer"]
    try:
        with transaction.atomic():
            for entry in form.cleaned_data["about"]:
                until = snooze_until(entry.milestone, later, at=at) if later else None
                acknowledge(milestone=entry.milestone, person=delivery.recipient, at=at, until=until)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed address is what it shows
@never_cache
@require_http_methods(READ_AND_WRITE)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch off the channel a message came through. GET asks; POST does it, in one click."""
    delivery = find_letter(token, timezone.now())
    if request.method == "POST" and delivery.kind != Kind.INBOX:
        switch_channel(channel=delivery.channel, on=False)
        plan_person(delivery.recipient)
    return _private(render(request, "desk/unsubscribe.html", {"delivery": delivery}))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a key: it is handed to nobody else. Not `no-referrer`: a browser then hides from us too
    where a form was sent from, and the guard against other sites refuses it."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
