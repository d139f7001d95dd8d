from django.db import migrations, models
from django.db.models import deletion


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RenameModel(old_name="EventTarget", new_name="EventHit"),
        migrations.AlterField(
            model_name="eventhit",
            name="event",
            field=models.ForeignKey(on_delete=deletion.CASCADE, related_name="hits", to="events.event"),
        ),
        migrations.RenameIndex(model_name="eventhit", old_name="target_by_object", new_name="hit_by_object"),
    ]
