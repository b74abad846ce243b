from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_monitors")]

    operations = [
        migrations.AddField(
            model_name="held",
            name="form",
            # What is held from before is of no form: it is asked for again, and forgotten after its day.
            field=models.CharField(
                choices=[("text", "A text"), ("update", "An update's photo")], default="", max_length=10
            ),
            preserve_default=False,
        ),
    ]
