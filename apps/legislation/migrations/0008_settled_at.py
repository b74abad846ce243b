"""When an outcome was recorded. Of those that are here, the day they are of is taken for it."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations, models
from django.db.models import F

BATCH = 1_000


def take_the_day(apps, schema_editor):
    for name in ("Milestone", "HistoricalMilestone"):
        rows = apps.get_model("legislation", name)._base_manager.filter(settled_on__isnull=False)
        batch = []
        for row in rows.annotate(zone=F("entry__campaign__time_zone")).iterator(chunk_size=BATCH):
            row.settled_at = datetime.combine(row.settled_on, time(12), ZoneInfo(row.zone or "UTC"))
            batch.append(row)
        rows.bulk_update(batch, ["settled_at"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("legislation", "0007_answers_due")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="settled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        )
        for name in ("historicalmilestone", "milestone")
    ] + [migrations.RunPython(take_the_day, migrations.RunPython.noop)]
