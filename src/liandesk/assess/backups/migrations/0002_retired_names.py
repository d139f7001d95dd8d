from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backups", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="technology", name="technology_once"),
        migrations.AddConstraint(
            model_name="technology",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "standing")), fields=("name", "item"), name="technology_once"
            ),
        ),
    ]
