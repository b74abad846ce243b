"""Every reminder there is goes by e-mail."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery


def give_channels(apps, schema_editor):
    Reminder = apps.get_model("reminders", "Reminder")
    Milestone = apps.get_model("legislation", "Milestone")
    Channel = apps.get_model("notices", "Channel")
    own = Channel.objects.filter(user=OuterRef("recipient"), kind="email").values("pk")
    campaign = Milestone._base_manager.filter(pk=OuterRef("milestone")).values("entry__campaign")
    Reminder.objects.update(
        channel=Subquery(own[:1]), campaign=Subquery(campaign[:1]), try_at=F("due_at")
    )


class Migration(migrations.Migration):

    dependencies = [("reminders", "0002_ladders_and_wishes")]

    operations = [migrations.RunPython(give_channels, migrations.RunPython.noop)]
