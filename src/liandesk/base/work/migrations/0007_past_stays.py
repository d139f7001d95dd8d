"""Keep every stay of a case in a stage, not only those where it stands: what its log gives is written anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import migrations, models

from liankit.process import Event, State, build_process, opened_with, replay


def fill(apps: Any, editor: Any) -> None:
    """Write the stays of each case as its log gives them, replayed over the versions it ran by."""
    case, stay = apps.get_model("work", "Case"), apps.get_model("work", "Stay")
    stay.objects.all().delete()
    for one in case.objects.select_related("definition").prefetch_related("events").iterator(chunk_size=500):
        events = [_event(row) for row in sorted(one.events.all(), key=lambda row: row.number)]
        visits = enumerate(_state(apps, one, events).visits, start=1)
        stay.objects.bulk_create(
            stay(
                case=one,
                process=one.process,
                number=number,
                stage=visit.stage,
                entered_at=visit.entered,
                left_at=visit.left,
                step=visit.step,
            )
            for number, visit in visits
        )


def _event(row: Any) -> Event:
    data = row.data
    if row.kind == "correct" and data.get("at"):
        data = {**data, "at": datetime.fromisoformat(data["at"])}
    holders = {role: tuple(held) for role, held in row.holders.items()}
    behalf = tuple(row.on_behalf_of)
    return Event(row.number, row.kind, row.actor, row.at, row.name, data, row.reason, holders, behalf)


def _state(apps: Any, one: Any, events: list[Event]) -> State:
    first = opened_with(events)
    if first is None:
        return replay(build_process(one.definition.body, one.process), events)
    published = apps.get_model("definitions", "Definition").objects.filter(
        kind="process", key=one.process, published_at__isnull=False
    )
    versions = {str(found.version): build_process(found.body, one.process) for found in published}
    return replay(versions[str(first)], events, versions)


class Migration(migrations.Migration):
    dependencies = [("work", "0006_open_parties_and_imported_rows")]

    operations = [
        migrations.RemoveConstraint("stay", "stay_once"),
        migrations.RemoveIndex("stay", "stay_by_stage"),
        migrations.AddField("stay", "number", models.PositiveIntegerField(default=0), preserve_default=False),
        migrations.AddField("stay", "left_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "stay", "step", models.CharField(blank=True, max_length=40, default=""), preserve_default=False
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
