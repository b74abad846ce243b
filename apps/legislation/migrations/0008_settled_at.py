"""When an outcome was recorded. Of those that are here, the day they are of is taken for it."""

from datetime import UTC, datetime, time

from django.db import migrations, models

BATCH = 1_000


def take_the_day(apps, schema_editor):
    for name in ("Milestone", "HistoricalMilestone"):
        rows = apps.get_model("legislation", name)._base_manager
        batch = []
        for row in rows.filter(settled_on__isnull=False).only("settled_on").iterator(chunk_size=BATCH):
            row.settled_at = datetime.combine(row.settled_on, time(12), UTC)
            batch.append(row)
        rows.bulk_update(batch, ["settled_at"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("legislation", "0007_answers_due")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="settled_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        )
        for name in ("historicalmilestone", "milestone")
    ] + [migrations.RunPython(take_the_day, migrations.RunPython.noop)]
