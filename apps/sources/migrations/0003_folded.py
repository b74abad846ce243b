from django.db import migrations, models

from apps.words import fold


def fold_what_there_is(apps, schema_editor):
    """Titles of sites that were there before they were folded."""
    rows = apps.get_model("sources", "Source")._base_manager
    batch = []
    for row in rows.only("title", "publisher").iterator(chunk_size=2_000):
        row.folded = fold(f"{row.title} {row.publisher}")
        batch.append(row)
    rows.bulk_update(batch, ["folded"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0002_live_pages'),
    ]

    operations = [
        migrations.AddField(
            model_name='source',
            name='folded',
            field=models.TextField(default='', editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fold_what_there_is, migrations.RunPython.noop),
    ]
