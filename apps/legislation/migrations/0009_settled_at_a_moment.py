from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("legislation", "0008_settled_at")]

    operations = [
        migrations.RemoveConstraint(model_name="milestone", name="milestone_settled_on_a_day"),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.CheckConstraint(
                condition=Q(outcome="upcoming", settled_on=None, settled_at=None)
                | (~Q(outcome="upcoming") & Q(settled_on__isnull=False, settled_at__isnull=False)),
                name="milestone_settled_on_a_day",
            ),
        ),
    ]
