"""Tables look down too: import-linter cannot see a foreign key that is written as text."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.architecture.rooms import looks_down

Sight = tuple[str, str, str]
"""One room's sight of another: (from, to, where it is written)."""

ROOMS = {config.label: config.name.removeprefix("apps.") for config in apps.get_app_configs()}


def room_of(model: Any, *, here: str = "") -> str:
    """The room of a model class or of its dotted name; other packages go by their label."""
    if isinstance(model, str):
        label = model.split(".")[0].lower() if "." in model else here
        return ROOMS.get(label, label)
    return ROOMS[model._meta.app_label]


def of_fields(label: str, fields: Iterable[tuple[str, Any]], where: str) -> Iterator[Sight]:
    for name, field in fields:
        relation = getattr(field, "remote_field", None)
        if relation is None:
            continue
        for model in filter(None, (relation.model, getattr(relation, "through", None))):
            yield ROOMS[label], room_of(model, here=label), f"{where}.{name}"


def of_model(model: type[models.Model]) -> Iterator[Sight]:
    own = [*model._meta.local_fields, *model._meta.local_many_to_many]
    yield from of_fields(model._meta.app_label, ((field.name, field) for field in own), model.__name__)


def of_operation(label: str, operation: Any, where: str) -> Iterator[Sight]:
    fields = list(getattr(operation, "fields", []))
    if field := getattr(operation, "field", None):
        fields.append((operation.name, field))
    yield from of_fields(label, fields, where)
    for base in getattr(operation, "bases", ()):
        if isinstance(base, str):
            yield ROOMS[label], room_of(base, here=label), where


def of_migrations() -> Iterator[Sight]:
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if not apps.get_app_config(label).name.startswith("apps."):
            continue
        where = f"{label} {name}"
        for operation in migration.operations:
            yield from of_operation(label, operation, where)
        for needed, _ in migration.dependencies:
            if needed != "__setting__":
                yield ROOMS[label], room_of(f"{needed}."), f"{where}, its dependencies"


def violations(sights: Iterable[Sight]) -> list[str]:
    ours = {config.name.removeprefix("apps.") for config in apps.get_app_configs() if _is_ours(config)}
    return [
        f"{where}: {room} looks at {target}"
        for room, target, where in sights
        if room in ours and target in ours and not looks_down(room, target)
    ]


def _is_ours(config: Any) -> bool:
    return config.name.startswith("apps.")


def test_no_model_looks_up_or_sideways() -> None:
    everything = apps.get_models(include_auto_created=True)  # also what history and many-to-many fields make
    assert violations(sight for model in everything for sight in of_model(model)) == []


def test_no_migration_looks_up_or_sideways() -> None:
    assert violations(of_migrations()) == []


def test_the_walk_meets_history_and_many_to_many_tables() -> None:
    sights = {
        (room, target)
        for model in apps.get_models(include_auto_created=True)
        for room, target, _ in of_model(model)
    }
    names = {model.__name__ for model in apps.get_models(include_auto_created=True)}
    assert {"HistoricalEntry", "Entry_tags"} <= names
    assert {("evidence", "timeline"), ("reminders", "legislation")} <= sights


@pytest.mark.parametrize(
    ("room", "target", "seen"),
    [
        ("timeline", "reminders.Rule", "Spy.far: timeline looks at reminders"),
        ("evidence", "legislation.Milestone", "Spy.far: evidence looks at legislation"),
    ],
)
@pytest.mark.parametrize("field", [models.ForeignKey, models.OneToOneField])
def test_a_planted_key_is_found_in_a_model(room: str, target: str, seen: str, field: Any) -> None:
    meta = type("Meta", (), {"app_label": room, "apps": Apps()})
    fields = {"__module__": __name__, "Meta": meta, "far": field(target, on_delete=models.CASCADE)}
    assert violations(of_model(type("Spy", (models.Model,), fields))) == [seen]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Spy", [("far", models.ForeignKey("reminders.Rule", models.CASCADE))]),
        migrations.CreateModel("Spy", [("far", models.ManyToManyField("reminders.Rule"))]),
        migrations.AddField("entry", "far", models.OneToOneField("reminders.Rule", models.CASCADE)),
    ],
)
def test_a_planted_key_is_found_in_a_migration(operation: Any) -> None:
    found = violations(of_operation("timeline", operation, "timeline 0002"))
    assert found == ["timeline 0002.far: timeline looks at reminders"]


def test_a_planted_base_is_found_in_a_migration() -> None:
    operation = migrations.CreateModel("Spy", [], bases=("legislation.Milestone",))
    assert violations(of_operation("evidence", operation, "0002")) == ["0002: evidence looks at legislation"]
