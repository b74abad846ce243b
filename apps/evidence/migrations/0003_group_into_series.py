"""Every figure gets a series, the steps it is rounded to, the bounds of its next release, and what took its
place. The rules are those of the actions on the day this was written."""

from collections import defaultdict
from decimal import Decimal

from django.db import migrations

from apps.dates import BadDate, parse

BATCH = 500


def group(apps, schema_editor):
    Series = apps.get_model("evidence", "Series")
    Statistic = apps.get_model("evidence", "Statistic")
    members = defaultdict(list)
    rows = Statistic.everything.select_related("entry").order_by("pk")
    for row in rows.iterator(chunk_size=BATCH):
        four = (row.measure, row.unit, row.area, row.population)
        members[row.entry.campaign_id, *(word.casefold() for word in four)].append(row)
    for (campaign, *_), statistics in members.items():
        first = statistics[0]
        series = Series.objects.create(
            campaign_id=campaign,
            name=name_of(first),
            measure=first.measure,
            unit=first.unit,
            area=first.area,
            population=first.population,
        )
        for row in statistics:
            row.series = series
            row.figure_step = step_of(row.figure)
            row.baseline_step = step_of(row.baseline)
            row.change_step = step_of(row.stated_change)
            row.next_release_earliest, row.next_release_latest = bounds_of(row.next_release)
        supersede([row for row in statistics if row.entry.state == "published"])
        Statistic.everything.bulk_update(
            statistics,
            [
                *("series", "figure_step", "baseline_step", "change_step"),
                *("next_release_earliest", "next_release_latest", "superseded_by"),
            ],
            batch_size=BATCH,
        )


def name_of(row):
    unit = "" if row.unit.casefold() in row.measure.casefold() else row.unit
    return ", ".join(filter(None, (row.measure, row.area, row.population, unit)))[:300]


def step_of(number):
    """The place value of the last digit that counts, after the point; one for whole numbers."""
    exponent = number.normalize().as_tuple().exponent if number is not None else 0
    return Decimal(1).scaleb(min(0, exponent))


def bounds_of(text):
    try:
        period = parse(text) if text else None
    except BadDate:
        period = None
    return (period.earliest, period.latest) if period else (None, None)


def supersede(statistics):
    def ends(row):
        return row.period_latest or row.entry.latest or row.entry.placed

    def period(row):
        return (row.period_earliest, row.period_latest) if row.period else row.entry.placed

    if not statistics:
        return
    revisions = defaultdict(list)
    for row in statistics:
        revisions[period(row)].append(row)
    newest_end = max(ends(row) for row in statistics)
    last = [row for row in statistics if ends(row) == newest_end]
    newest = max(last, key=lambda row: (row.entry.placed, row.pk))
    for row in statistics:
        latest = max(revisions[period(row)], key=lambda each: (each.entry.placed, each.pk))
        if latest.entry.placed > row.entry.placed:
            row.superseded_by = latest
        elif newest_end > ends(row):
            row.superseded_by = newest


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_statistics_and_series")]
    operations = [migrations.RunPython(group, migrations.RunPython.noop, elidable=True)]
