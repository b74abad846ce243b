"""Everybody has an e-mail channel, and what was sent went there."""

from django.conf import settings
from django.db import migrations
from django.db.models import OuterRef, Subquery


def give_channels(apps, schema_editor):
    User = apps.get_model("accounts", "User")
    Channel = apps.get_model("notices", "Channel")
    Delivery = apps.get_model("notices", "Delivery")
    users = User.objects.values_list("pk", flat=True)
    Channel.objects.bulk_create([Channel(user_id=pk, kind="email") for pk in users])
    own = Channel.objects.filter(user=OuterRef("recipient"), kind="email").values("pk")
    Delivery.objects.update(channel=Subquery(own[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("notices", "0002_channels"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(give_channels, migrations.RunPython.noop)]
