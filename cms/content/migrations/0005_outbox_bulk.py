from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0004_feeds_full_text")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="bulk",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveIndex(model_name="outboxevent", name="outbox_due"),
        migrations.AddIndex(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["bulk", "available_at", "id"], name="outbox_due"
            ),
        ),
    ]
