"""Every row of a file looked at, and what would become of it written down: nothing else is written."""

from collections.abc import Callable, Iterator
from itertools import islice

from django.db import transaction

from apps.campaigns.access import Access
from apps.intake.models import Format, Import, Row
from apps.intake.sheets import files
from apps.intake.sheets.lines import MOST_ROWS, BadSheet, Line, Opened
from apps.intake.sheets.opening import open_file
from apps.intake.sheets.rows import WHOLE, Rows
from apps.intake.sheets.twins import Twins, known_in_calendars, print_of

AT_ONCE = 1_000
MOST_KEPT = 30_000
"""Characters of a cell: more than any field holds."""
HEAD_ROWS = 4
MOVED = (
    "It is here already, with another date. Move the milestone’s date on its page, where the reason is kept."
)
HERE = "It is here already."
TOO_MANY = "It has more cells than there are columns: is a comma in a cell without quotation marks?"

Beat = Callable[[int], None]
"""Called with how many rows are done, again and again."""


def lines_of(opened: Opened, sheet: int) -> Iterator[Line]:
    """Those with something in them, the names of the columns first. Raises BadSheet."""
    if sheet >= len(opened.sheets):
        raise BadSheet("The file has no such sheet. Choose another.")
    return (line for line in opened.sheets[sheet].lines() if not line.is_blank())


def head_of(opened: Opened, sheet: int) -> list[list[str]]:
    """The names of the columns, and the first rows below them. Raises BadSheet."""
    lines = list(islice(lines_of(opened, sheet), HEAD_ROWS))
    if len(lines) < 2:
        raise BadSheet(
            "There is nothing below the first row. The first row names the columns; entries stand below it."
        )
    width = max(len(line.cells) for line in lines)
    return [[_kept(cell)[:200] for cell in line.cells] + [""] * (width - len(line.cells)) for line in lines]


def check(importing: Import, access: Access, beat: Beat) -> None:
    """Look at every row, from the start. Raises BadSheet, and then no row is kept."""
    Row.objects.filter(importing=importing).delete()
    opened = open_file(files.path_of(importing.stored))
    lines = lines_of(opened, importing.sheet)
    names = next(lines, Line(0, []))
    checker, done = Checker(importing, access, _width(importing, names)), 0
    while batch := list(islice(lines, AT_ONCE)):
        done += len(batch)
        if done > MOST_ROWS:
            raise BadSheet(f"The file has more than {MOST_ROWS:,} rows. Split it into several.")
        rows = [checker.row_of(line) for line in batch]  # before anything is locked
        with transaction.atomic():
            Row.objects.bulk_create(rows, batch_size=500)
        beat(done)
    if not done:
        raise BadSheet("There is nothing below the names of the columns.")


def _width(importing: Import, names: Line) -> int:
    """How many columns there are. In CSV the first row tells, and what was taken of those after it: a comma
    too many in a row below makes another. In a spreadsheet nobody makes one by a slip."""
    if importing.format != Format.CSV:
        return len(importing.columns)
    taken = [place + 1 for place, name in enumerate(importing.columns) if name]
    return max([len(names.cells), *taken])


class Checker:
    """What becomes of each row, asked in their order."""

    def __init__(self, importing: Import, access: Access, width: int) -> None:
        self.importing, self.kind, self.width = importing, importing.kind, width
        self.columns = [(place, name) for place, name in enumerate(importing.columns) if name]
        self.rows = Rows(access, importing.kind)
        self.twins = Twins(access.campaign, importing.kind)
        self.uids = known_in_calendars(access.campaign) if importing.format == Format.ICS else {}
        self.seen: dict[int, int] = {}

    def row_of(self, line: Line) -> Row:
        cells = {name: _kept(line.cells[place]) for place, name in self.columns if place < len(line.cells)}
        row = Row(importing=self.importing, number=line.number, cells=cells, uid=line.uid)
        row.errors = self.rows.fill(cells)
        row.errors |= {name: line.wrong[place] for place, name in self.columns if place in line.wrong}
        if any(_kept(cell) for cell in line.cells[self.width :]):
            row.errors[WHOLE] = TOO_MANY
        if line.skip:
            row.verdict, row.says, row.errors = Row.Verdict.SKIPPED, line.skip, {}
        elif row.errors:
            row.verdict = Row.Verdict.WRONG
        else:
            self._know_again(row)
        return row

    def _know_again(self, row: Row) -> None:
        form = self.rows.form
        said = print_of(self.kind, form.cleaned_data, form.headline_made())
        row.verdict, row.twin_id = Row.Verdict.SAME, self.twins.of(said)
        if row.twin_id:
            row.says = HERE
        elif row.uid in self.uids:
            row.verdict, row.says, row.twin_id = Row.Verdict.SKIPPED, MOVED, self.uids[row.uid]
        elif said in self.seen:
            row.says = f"The same as row {self.seen[said]:,} of this file."
        else:
            row.verdict = Row.Verdict.FRESH
            self.seen[said] = row.number


def _kept(cell: str) -> str:
    return cell.replace("\x00", "�").strip()[:MOST_KEPT]
