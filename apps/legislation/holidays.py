"""Bank holidays entered by hand, told to whatever counts working days."""

from datetime import date

from django.db import transaction

from apps.accounts.authorship import save_as
from apps.accounts.models import User
from apps.dates.working_days import announce
from apps.legislation.models import BankHoliday


def tell_holidays() -> None:
    """Have all counting of working days in this program know those entered by hand: called where a page, a
    task or an action begins to count. One query."""
    announce(
        (nation, row.day, row.name) for row in BankHoliday.objects.order_by("pk") for nation in row.nations
    )


@transaction.atomic
def record_holiday(*, nation: str, day: date, name: str, source: str, by: User | None) -> BankHoliday:
    """Write down a bank holiday, or put right what is known of it: asked twice, it is written once. Raises
    ValidationError for one without a name, or a source that is no address."""
    row = BankHoliday.objects.select_for_update().filter(nation=nation, day=day).first()
    row = row or BankHoliday(nation=nation, day=day)
    if row.pk and (row.name, row.source) == (name, source):
        return row
    row.name, row.source = name, source
    row.clean_fields()
    return save_as(by, row)
