"""Handing a file in, confirming its columns, asking for it to be imported, and for that to be undone."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.access import Access
from apps.dates import long_day
from apps.intake.models import Format, Import
from apps.intake.sheets import files
from apps.intake.sheets.checking import head_of
from apps.intake.sheets.lines import BadSheet, Opened
from apps.intake.sheets.opening import open_file, weight_of
from apps.intake.sheets.reading_ics import COLUMNS
from apps.intake.sheets.rows import Rows
from apps.timeline.models import Kind

LIGHT_BYTES = 300_000
"""So much is read while whoever handed it in waits."""
LIGHT_ROWS = 500
State = Import.State


class Late(Exception):
    """It is no longer in a state in which that can be done: a sentence."""


def hand_in(access: Access, *, kind: str, name: str, pieces: Iterable[bytes]) -> Import:
    """Keep the file and look at its head. Raises BadSheet, and then nothing is kept."""
    stored, digest = files.keep(pieces)
    try:
        opened = open_file(files.path_of(stored))
        sheet, head = _first_with_rows(opened)
        importing = Import(
            campaign=access.campaign,
            kind=Kind.MILESTONE if opened.format == Format.ICS else kind,
            format=opened.format,
            file_name=_name(name),
            stored=stored,
            sha256=digest,
            added_by=access.member,
            added_at=access.at,
            changed_at=access.at,
            notes=[*opened.notes, *_seen_before(access, digest)],
            sheets=[one.name for one in opened.sheets],
        )
        _take_head(importing, sheet, head, access)
        if opened.format == Format.ICS:
            importing.columns, importing.state = list(COLUMNS), State.WAITING
        importing.save()
    except BaseException:
        files.forget(stored)
        raise
    return importing


def _name(name: str) -> str:
    plain = "".join(letter for letter in Path(name.replace("\\", "/")).name if letter.isprintable())
    return plain[-120:] or "a file"


def _first_with_rows(opened: Opened) -> tuple[int, list[list[str]]]:
    """Which sheet that is, and its head. Raises BadSheet, of the first sheet, where there is none."""
    problems = []
    for place in range(len(opened.sheets)):
        try:
            return place, head_of(opened, place)
        except BadSheet as problem:
            problems.append(problem)
    raise problems[0]


def _take_head(importing: Import, sheet: int, head: list[list[str]], access: Access) -> None:
    importing.sheet, importing.head = sheet, head
    importing.columns = Rows(access, importing.kind).guess(importing.head[0])


def _seen_before(access: Access, digest: str) -> list[str]:
    before = Import.objects.filter(campaign=access.campaign, sha256=digest, state=State.DONE).first()
    if before is None:
        return []
    day, who = long_day(access.campaign.today(before.added_at)), before.added_by
    return [
        f"This very file was imported on {day}{f' by {who.name}' if who else ''}. Rows that are here already "
        "are known again, and left as they are."
    ]


@transaction.atomic
def choose_sheet(importing: Import, sheet: int, access: Access) -> None:
    """Take another sheet of the file. Raises BadSheet, Late."""
    row = _lock(importing, State.CHOSEN, State.CHECKED)
    _take_head(row, sheet, head_of(open_file(files.path_of(row.stored)), sheet), access)
    row.state, row.changed_at = State.CHOSEN, access.at
    row.save()


@transaction.atomic
def confirm_columns(importing: Import, columns: list[str], *, at: datetime) -> None:
    """Say what fills what, and have the rows checked. Raises Late."""
    row = _lock(importing, State.CHOSEN, State.CHECKED)
    row.columns, row.state, row.changed_at = columns, State.WAITING, at
    row.save()


def columns_wrong(columns: list[str], rows: Rows) -> list[str]:
    """What stands in the way of these columns, in sentences."""
    wrong = [
        f"Two columns are to be “{rows.fields[name]}”. Leave one of them out."
        for name in rows.fields
        if columns.count(name) > 1
    ]
    missing = [rows.fields[name] for name in rows.required if name not in columns]
    if missing:
        wrong.append(f"Say which column is: {', '.join(missing)}. Every entry of this kind has it.")
    return wrong


@transaction.atomic
def ask(importing: Import, choice: str, *, at: datetime) -> None:
    """Have it written. Raises Late; BadSheet where there is nothing to write, or, of all rows, some are to be
    mended."""
    row = _lock(importing, State.CHECKED)
    if not row.fresh:
        raise BadSheet("No row of it is new, so there is nothing to import.")
    if choice == Import.Choice.ALL and row.wrong:
        raise BadSheet("Some rows are to be mended. Mend them in the file, or import the good rows only.")
    row.state, row.choice, row.changed_at = State.ASKED, choice, at
    row.save()


@transaction.atomic
def ask_undo(importing: Import, *, by: User, at: datetime) -> None:
    """Raises Late."""
    row = _lock(importing, State.DONE)
    row.state, row.undone_by, row.because, row.changed_at = State.UNDOING, by, "", at
    row.save()


@transaction.atomic
def throw_away(importing: Import) -> None:
    """Forget a file of which nothing was imported. Raises Late."""
    row = _lock(importing, State.CHOSEN, State.CHECKED, State.FAILED)
    row.delete()
    transaction.on_commit(lambda: files.forget(row.stored))


def _lock(importing: Import, *states: str) -> Import:
    row = Import.objects.select_for_update().filter(pk=importing.pk).first()
    if row is None:
        raise Late("It was thrown away meanwhile.")
    if row.state not in states:
        raise Late(f"That cannot be done now: {row.get_state_display().lower()}.")
    return row


def is_light(importing: Import) -> bool:
    """Whether its next step is so short that one may wait for it."""
    if importing.state == State.WAITING:
        try:
            return weight_of(files.path_of(importing.stored)) <= LIGHT_BYTES
        except BadSheet:
            return True
    return max(importing.fresh, importing.made) <= LIGHT_ROWS
