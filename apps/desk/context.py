"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The colour of the mail: whether this site can send e-mail at all, for the pages that promise to."""
    return {"sends_email": bool(settings.EMAIL_URL), "production": settings.PRODUCTION}
