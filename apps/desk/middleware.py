"""Pages that stand in the frames of other sites know nobody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
