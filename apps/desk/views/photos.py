"""Photographs: with the proposal they came with, and with the entry it became; for those who may see that."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.campaigns.access import open_campaign
from apps.desk.proposed import find_proposal, open_to_senders
from apps.desk.views.entries import find_entry
from apps.evidence import files
from apps.intake.models import Photo


@require_safe
def entry_photo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug)
    return _handed_over(Photo.objects.filter(entry=find_entry(access, pk)).first())


@require_safe
def proposal_photo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_to_senders(request, slug)
    return _handed_over(Photo.objects.filter(proposal=find_proposal(access, pk)).first())


def _handed_over(photo: Photo | None) -> HttpResponse:
    path = files.path_of(photo.stored) if photo else None
    if path is None:
        raise Http404("No such photo, or not one you may see.")
    response = HttpResponse(path.read_bytes(), content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
