import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reminders", "0003_reminders_by_channel")]

    operations = [
        migrations.AlterField(
            model_name='reminder',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='campaigns.campaign'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='try_at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='channel',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='notices.channel'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('milestone', 'target', 'rule', 'occurrence', 'recipient', 'channel'), name='reminder_once'),
        ),
    ]
