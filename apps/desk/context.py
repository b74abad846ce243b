"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Whether this site can send e-mail at all, for the pages that would promise it."""
    return {"sends_email": bool(settings.EMAIL_URL)}
