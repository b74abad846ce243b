from django.db import migrations, models

from apps.words import fold


def fold_what_there_is(apps, schema_editor):
    """Names of sites that were there before they were folded."""
    for name in ("Organisation", "Person"):
        rows = apps.get_model("people", name)._base_manager
        batch = []
        for row in rows.only("name").iterator(chunk_size=2_000):
            row.folded = fold(row.name)
            batch.append(row)
        rows.bulk_update(batch, ["folded"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='folded',
            field=models.TextField(default='', editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='person',
            name='folded',
            field=models.TextField(default='', editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fold_what_there_is, migrations.RunPython.noop),
    ]
