import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_group_into_series")]

    operations = [
        migrations.AlterField(
            model_name="statistic",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="statistics", to="evidence.series"
            ),
        ),
    ]
