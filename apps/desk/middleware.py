"""Pages that stand in the frames of other sites know nobody; a busy database is told of in words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.busy import is_busy
from apps.desk.busy import busy_page

FRAMED = "/embed/"


class WithoutCookies:
    """Below /embed/ no cookie is read, so that whoever asks is a visitor, and none can be set or taken away.
    Stands before the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(FRAMED):
            return self.get_response(request)
        request.COOKIES = {}
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        response.cookies.clear()
        return response


class BusyDatabase:
    """A page that could not have the database in time answers 503, and says that nothing was saved: whatever
    it had begun is rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return busy_page() if is_busy(exception) else None
