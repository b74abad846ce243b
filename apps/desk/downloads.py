"""Pages of other sites, handed out as files: whatever they hold, it does nothing here."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from apps.sources.models import Original, Snapshot


def original_of(snapshot: Snapshot) -> HttpResponse:
    """The page that a snapshot's text was taken out of, to be saved and never shown: a browser that opened it
    all the same would run nothing of it, and let it know nothing of this site."""
    kept = Original.objects.filter(snapshot=snapshot).first()
    if kept is None:
        raise Http404("No page is kept with this text.")
    response = HttpResponse(kept.content, content_type="application/octet-stream")
    name = f"source-{snapshot.source_id}-{kept.came_at:%Y-%m-%d}.{kept.kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
