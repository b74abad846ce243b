"""What is answered while the database is busy: a page that needs none of it."""

import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from apps.busy import is_busy

SECONDS = 10
"""After which it is worth trying again."""


def busy_page() -> HttpResponse:
    response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(SECONDS)
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """For what no page caught, such as a session that could not be saved."""
    error = sys.exc_info()[1]
    return busy_page() if error is not None and is_busy(error) else server_error(request)
