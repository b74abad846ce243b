"""A server of this machine that behaves as the Bills API is documented to, and fails as a test bids it.

`bills` and `stages` are what it tells, by the bill's id; a test changes them as Parliament would. `faults`
are what happens instead, each once, to the next requests whose path begins so.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

RECORDED = Path(__file__).parent / "recorded" / "uk_bills"
SAFETY = 3137
"""The Online Safety Bill."""

Handler = BaseHTTPRequestHandler
Fault = Callable[[Handler], None]


def recorded(name: str) -> Any:
    return json.loads((RECORDED / f"{name}.json").read_text())


def says(status: int, body: bytes = b"", **headers: str) -> Fault:
    def fault(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return fault


def tells(data: Any) -> Fault:
    return says(200, json.dumps(data).encode(), Content_Type="application/json")


def is_slow(seconds: float) -> Fault:
    """It does answer, but late."""

    def fault(handler: Handler) -> None:
        time.sleep(seconds)
        tells({"items": [], "totalResults": 0})(handler)

    return fault


HTML = says(200, b"<!DOCTYPE html><html><body>Sorry</body></html>", Content_Type="text/html")
TRUNCATED = says(200, b'{"items": [{"billId": 31', Content_Type="application/json")
FAULT = says(500, b"oops")


def hangs_up(handler: Handler) -> None:
    """It closes the connection without an answer."""


@dataclass
class Parliament:
    url: str = ""
    bills: dict[int, dict[str, Any]] = field(default_factory=dict)
    stages: dict[int, list[Any]] = field(default_factory=dict)
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    latency: float = 0.0

    def fails(self, fault: Fault, *, path: str = "/", times: int = 1) -> None:
        self.faults += [(path, fault)] * times

    def holds(self, bill: dict[str, Any], stages: list[Any]) -> int:
        """Tell of this bill, too."""
        number = int(bill["billId"])
        self.bills[number], self.stages[number] = deepcopy(bill), deepcopy(stages)
        return number

    def holds_the_online_safety_bill(self) -> int:
        return self.holds(recorded("bill-3137"), recorded("bill-3137-stages")["items"])

    def touch(self, number: int, when: str) -> None:
        """The bill has changed then."""
        self.bills[number]["lastUpdate"] = when

    def sitting(self, number: int, sitting: int) -> dict[str, Any]:
        return next(
            each for stage in self.stages[number] for each in stage["stageSittings"] if each["id"] == sitting
        )

    def answer(self, handler: Handler) -> None:
        self.asked.append(handler.path)
        if self.latency:
            time.sleep(self.latency)
        split = urlsplit(handler.path)
        for number, (path, fault) in enumerate(self.faults):
            if split.path.startswith(path):
                del self.faults[number]
                return fault(handler)
        return self._tell(split.path.strip("/").split("/"), parse_qs(split.query))(handler)

    def _tell(self, path: list[str], query: dict[str, list[str]]) -> Fault:
        problem = says(404, b'{"title": "Not Found"}', Content_Type="application/problem+json")
        if path[:3] != ["api", "v1", "Bills"]:
            return problem
        if len(path) == 3:
            return _page(self._listed(query), query)
        number = int(path[3]) if path[3].isdecimal() else -1
        if number not in self.bills:
            return problem
        if path[4:] == ["Stages"]:
            return _page(self.stages[number], query)
        return tells(self.bills[number]) if len(path) == 4 else problem

    def _listed(self, query: dict[str, list[str]]) -> list[Any]:
        only = {int(number) for number in query.get("BillIds", [])}
        words = query.get("SearchTerm", [""])[0].lower()
        of_detail = {"longTitle", "summary", "sponsors", "promoters", "agent"}
        of_detail |= {"petitioningPeriod", "petitionInformation"}
        found = [
            {name: value for name, value in bill.items() if name not in of_detail}
            for number, bill in self.bills.items()
            if (not only or number in only) and words in str(bill["shortTitle"]).lower()
        ]
        return sorted(found, key=lambda bill: str(bill["lastUpdate"]), reverse=True)


def _page(items: list[Any], query: dict[str, list[str]]) -> Fault:
    skip, take = int(query.get("Skip", ["0"])[0]), int(query.get("Take", ["20"])[0])
    if skip >= 2**31:
        return says(400, b'{"title": "Bad Request"}', Content_Type="application/problem+json")
    return tells({"items": items[skip : skip + take], "totalResults": len(items), "itemsPerPage": take})


def a_bill(number: int, title: str = "", **told: Any) -> dict[str, Any]:
    """A bill before Parliament, as the API tells of one."""
    return recorded("bill-3548") | {
        "billId": number,
        "shortTitle": title or f"Bill {number}",
        "lastUpdate": "2026-03-01T10:00:00.0000001",
        **told,
    }


def a_stage(number: int, *sittings: tuple[int, str | None], **told: Any) -> dict[str, Any]:
    """A stage of that id, its sittings by id and day."""
    return {
        "id": number,
        "stageId": 8,
        "sessionId": 39,
        "description": "Committee stage",
        "abbreviation": "CS",
        "house": "Commons",
        "stageSittings": [
            {
                "id": sitting,
                "stageId": 8,
                "billStageId": number,
                "billId": 1,
                "date": f"{on}T00:00:00" if on else None,
            }
            for sitting, on in sittings
        ],
        "sortOrder": number,
        **told,
    }


@contextmanager
def sitting(house: Parliament | None = None) -> Iterator[Parliament]:
    """A Parliament that answers."""
    house = house or Parliament()

    class Clerk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with suppress(ConnectionError):
                house.answer(self)

        def log_message(self, *args: Any) -> None:
            """Nothing: the tests know what they asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Clerk)
    server.daemon_threads = True
    house.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield house
    finally:
        server.shutdown()
        server.server_close()
