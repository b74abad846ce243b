"""What somebody typed and did not send, for the browser they go on in: see static/keep.js."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import READ_AND_WRITE, signed_in
from apps.intake.drafts import BadDraft, keep, kept


@require_http_methods(READ_AND_WRITE)
def drafts(request: HttpRequest) -> HttpResponse:
    """When each of their own drafts was kept, or the one of the form that is named; a POST keeps one."""
    person, now = signed_in(request), timezone.now()
    if request.method == "POST":
        try:
            keep(name=request.POST.get("name", ""), typed=request.POST.get("typed", ""), by=person, at=now)
        except BadDraft:
            return HttpResponseBadRequest("This cannot be kept.", content_type="text/plain")
        return _answer({"at": _milliseconds(now)})
    own = kept(by=person, at=now)
    if not (name := request.GET.get("name", "").replace("\x00", "")[:100]):
        return _answer({"drafts": {draft.name: _milliseconds(draft.kept_at) for draft in own.defer("typed")}})
    draft = own.filter(name=name).first()
    return _answer({"at": _milliseconds(draft.kept_at), "typed": draft.typed} if draft else {})


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _answer(said: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(said)
    response["Cache-Control"] = "private, no-store"
    return response
