"""The deadlines board and the ledger of reminders: tables a person can read out in a meeting."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import django_tables2 as tables
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_tables2.export import TableExport

from apps import ods
from apps.accounts.models import User
from apps.dates import countdown, days, in_words
from apps.desk.ledger import lateness
from apps.desk.moments import moment
from apps.reminders.models import Reminder
from apps.timeline.models import Entry

FORMATS = ("csv", "xlsx", "ods")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def file_of(table: tables.Table, form: str, *, name: str) -> HttpResponse:
    """A table's rows as a file of one of FORMATS. OpenDocument is written here: its writer for tables holds
    the whole document."""
    if form != "ods":
        answer: HttpResponse = TableExport(form, table).response(f"{name}.{form}")
        return answer
    response = HttpResponse(content_type=ods.TYPE)
    rows = ([str(cell if cell is not None else "") for cell in row] for row in table.as_values())
    made = BytesIO()
    ods.write(rows, title=name, out=made)
    response.write(made.getvalue())
    response["Content-Disposition"] = f'attachment; filename="{name}.ods"'
    return response


class DeadlineTable(tables.Table):
    """Rows come ordered and cut to a page; `reminded` maps an entry to when somebody was last reminded."""

    when = tables.Column(accessor="latest", verbose_name="When", order_by="due")
    headline = tables.Column(verbose_name="What", orderable=False)
    target = tables.Column(accessor="date", verbose_name="Date", orderable=False)
    owner = tables.Column(
        accessor="milestone__owner", verbose_name="Watched by", orderable=False, empty_values=()
    )
    campaign = tables.Column(accessor="campaign__name", verbose_name="Campaign", orderable=False)
    slipped = tables.Column(accessor="slip_days", verbose_name="Slipped")
    reminded = tables.Column(empty_values=(), verbose_name="Last reminded", orderable=False)

    class Meta:
        attrs = {"class": "deadlines"}
        empty_text = "No deadline fits this filter."
        row_attrs = {"class": "overdue-row"}

    def __init__(self, *args: Any, today: date, reminded: dict[int, datetime], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.last_reminded = today, reminded
        self.row_attrs = {"class": lambda record: "overdue-row" if record.is_overdue(today) else ""}

    def value_when(self, record: Entry) -> str:
        """In words for a person; exports get the same words beside the date."""
        if record.due is None:
            return record.milestone.get_outcome_display()
        if record.is_overdue(self.today):
            return f"{days((self.today - record.due).days)} overdue"
        return countdown(record.due, self.today)

    def render_when(self, record: Entry) -> str:
        words = self.value_when(record)
        return format_html("<strong>{}</strong>", words) if record.is_overdue(self.today) else words

    def render_headline(self, record: Entry) -> str:
        return format_html(
            '<a href="/c/{}/entries/{}/">{}</a>', record.campaign.slug, record.pk, record.headline
        )

    def value_headline(self, record: Entry) -> str:
        return harmless(record.headline)

    def render_target(self, record: Entry) -> str:
        return in_words(record.date)

    def render_owner(self, record: Entry) -> str:
        owner = record.milestone.owner
        if owner is None and record.due is not None:
            return format_html('<strong class="late">{}</strong>', "Nobody")
        return str(owner or "Nobody")

    def value_owner(self, record: Entry) -> str:
        return harmless(str(record.milestone.owner or "Nobody"))

    def value_campaign(self, record: Entry) -> str:
        return harmless(record.campaign.name)

    def render_slipped(self, record: Entry) -> str:
        milestone = record.milestone
        if not milestone.moves:
            return "–"
        slip = record.slip_days or 0
        return f"{milestone.moves}×, {days(abs(slip))}{' earlier' if slip < 0 else ''}"

    def render_reminded(self, record: Entry) -> str:
        when = self.last_reminded.get(record.pk)
        return timezone.localtime(when).strftime("%-d %b, %H:%M") if when else "–"


class LedgerTable(tables.Table):
    """Reminders, ordered and cut to a page. `reader` is whose own channels are named; of others' only the
    kind is."""

    when = tables.Column(accessor="due_at", verbose_name="When")
    what = tables.Column(accessor="milestone__entry__headline", verbose_name="What")
    campaign = tables.Column(accessor="campaign__name", verbose_name="Campaign")
    whom = tables.Column(accessor="recipient__name", verbose_name="To")
    through = tables.Column(accessor="channel", verbose_name="Through")
    rule = tables.Column(verbose_name="Rule")
    target = tables.Column(verbose_name="Date it is for")
    state = tables.Column(verbose_name="State")

    class Meta:
        orderable = False
        row_attrs = {"class": lambda record: record.state}

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def value_when(self, record: Reminder) -> str:
        return timezone.localtime(record.due_at).strftime("%Y-%m-%d %H:%M")

    def render_when(self, record: Reminder) -> str:
        late = lateness(record)
        note = format_html('<br><span class="small">sent {}</span>', late) if late else ""
        return format_html("{}{}", moment(record.due_at), note)

    def value_what(self, record: Reminder) -> str:
        return harmless(record.milestone.entry.headline)

    def render_what(self, record: Reminder) -> str:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("entry", kwargs={"slug": record.campaign.slug, "pk": record.milestone_id}),
            record.milestone.entry.headline,
        )

    def value_campaign(self, record: Reminder) -> str:
        return harmless(record.campaign.name)

    def value_whom(self, record: Reminder) -> str:
        return harmless(record.recipient.name)

    def render_through(self, record: Reminder) -> str:
        mine = record.recipient_id == self.reader.pk
        return str(record.channel) if mine else record.channel.get_kind_display()

    def value_through(self, record: Reminder) -> str:
        return harmless(self.render_through(record))

    def render_rule(self, record: Reminder) -> str:
        return str(record.rule)

    def render_target(self, record: Reminder) -> str:
        return in_words(record.target)

    def value_state(self, record: Reminder) -> str:
        because = f": {record.because}" if record.because else ""
        return f"{record.get_state_display()}{because}"

    def render_state(self, record: Reminder) -> str:
        because = format_html('<br><span class="small">{}</span>', record.because) if record.because else ""
        address = reverse("reminder", kwargs={"slug": record.campaign.slug, "pk": record.pk})
        said = format_html('<br><a href="{}">what it said</a>', address) if record.delivery_id else ""
        return format_html("{}{}{}", record.get_state_display(), because, said)
