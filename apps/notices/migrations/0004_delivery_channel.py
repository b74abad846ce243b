import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("notices", "0003_everybody_has_email")]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='notices.channel'),
        ),
    ]
