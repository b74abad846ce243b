"""What anyone may see on the site is cleared for the website. Quotes that were shown to anyone and are cleared
for other places alone are shown to the team from now on."""

from django.db import migrations
from django.db.models import F

SIZES = (1, 32, 1024)
"""Of the stretches of days that entries are counted by."""


def show_the_team_alone(apps, schema_editor):
    Entry = apps.get_model("timeline", "Entry")
    Density = apps.get_model("timeline", "Density")
    public = Entry._base_manager.filter(kind="quote", visibility="public", quote__cleared_at__isnull=False)
    for entry in public.exclude(quote__cleared_for__contains="website"):
        if entry.state == "published" and entry.shown_from is not None:
            for size in SIZES:
                block = entry.placed.toordinal() // size
                counts = Density.objects.filter(campaign=entry.campaign_id, kind="quote", size=size, block=block)
                counts.update(anyone=F("anyone") - 1)
        Entry._base_manager.filter(pk=entry.pk).update(visibility="team", version=F("version") + 1)


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0006_words"),
        ("timeline", "0006_own_drafts"),
    ]

    operations = [migrations.RunPython(show_the_team_alone, migrations.RunPython.noop)]
