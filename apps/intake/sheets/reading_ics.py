"""Calendars (.ics): each event or task with a date is a row, as a deadline."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar

from apps.intake.sheets.lines import MOST_ROWS, BadSheet, Line, Opened, Sheet

MOST_BYTES = 5 * 1024 * 1024
COLUMNS = ("headline", "date", "note", "source", "tags")
HEADERS = ("Summary", "Date", "Description", "Address", "Categories")
DAMAGED = "The calendar is damaged. Export it again as an .ics file, then choose it."
REPEATS = "It repeats; a deadline comes once. Add it by hand."
CANCELLED = "The calendar says it is cancelled."
SKIPPED = ("VALARM", "VTIMEZONE", "VFREEBUSY", "VJOURNAL")


def open_ics(path: Path) -> Opened:
    """Raises BadSheet."""
    if path.stat().st_size > MOST_BYTES:
        raise BadSheet(f"The calendar is larger than {MOST_BYTES // 1024 // 1024} MB. Export a part of it.")
    list(read(path))
    return Opened("ics", [Sheet("", lambda: read(path))])


def read(path: Path) -> Iterator[Line]:
    """The names of the columns, then a line for each event. Raises BadSheet."""
    yield Line(1, list(HEADERS))
    try:
        calendars: Any = Calendar.from_ical(path.read_bytes().decode("utf-8-sig"), multiple=True)
        found = [part for calendar in calendars for part in calendar.subcomponents]
    except UnicodeDecodeError:
        raise BadSheet("The calendar is not in UTF-8, as calendars are. Export it again.") from None
    except Exception as error:  # each property is read by a parser of its own, which fails in its own way
        raise BadSheet(DAMAGED) from error
    events = [part for part in found if part.name in ("VEVENT", "VTODO")]
    if not events:
        raise BadSheet("The calendar holds no events. Choose one that does.")
    if len(events) > MOST_ROWS:
        raise BadSheet(f"The calendar has more than {MOST_ROWS:,} events. Export a part of it.")
    for number, event in enumerate(events, start=2):
        try:
            yield _line(number, event)
        except Exception as error:
            raise BadSheet(DAMAGED) from error


def _line(number: int, event: Any) -> Line:
    categories = event.get("CATEGORIES")
    many = categories if isinstance(categories, list) else [categories] if categories else []
    tags = [str(name) for one in many for name in getattr(one, "cats", [one])]
    cells = [
        _text(event, "SUMMARY"),
        _day(event),
        _text(event, "DESCRIPTION"),
        _address(event),
        ", ".join(tags),
    ]
    line = Line(number, cells, uid=_text(event, "UID")[:255])
    if event.get("RRULE") or event.get("RDATE"):
        line.skip = REPEATS
    elif _text(event, "STATUS").upper() == "CANCELLED":
        line.skip = CANCELLED
    return line


def _text(event: Any, name: str) -> str:
    value = event.get(name)
    if isinstance(value, list):
        value = value[0] if value else ""
    return str(value or "").replace("\x00", "").strip()


def _address(event: Any) -> str:
    address = _text(event, "URL")
    return address if address.startswith(("http://", "https://")) else ""


def _day(event: Any) -> str:
    """The day it is due or begins, on the clock it is given by; a calendar's tasks have the former."""
    for name in ("DUE", "DTSTART"):
        value = event.get(name)
        value = value[0] if isinstance(value, list) and value else value
        try:
            moment = getattr(value, "dt", None)
        except ValueError:
            return str(value)  # it is no date: the form says so
        if isinstance(moment, datetime):
            return moment.date().isoformat()
        if isinstance(moment, date):
            return moment.isoformat()
    return ""
