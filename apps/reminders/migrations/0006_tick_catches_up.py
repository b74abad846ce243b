from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0005_reminder_in_ledger'),
    ]

    operations = [
        migrations.AddField(
            model_name='tick',
            name='caught_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='tick',
            name='nightly_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='tick',
            name='nightly_reached',
            field=models.PositiveBigIntegerField(null=True),
        ),
    ]
