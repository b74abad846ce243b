"""One part of the imports benchmark, in a process and on a database of its own, so that its memory is its own
too: `python -m benchmarks.imports_part PART ROWS FILE` prints its figures as JSON."""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django


def main(name: str, rows: str, file: str) -> None:
    say, sys.stdout = sys.stdout, sys.stderr  # nothing but the figures may go out
    django.setup()
    part = {"ours": ours, "default": default, "default, the same work": same_work}[name]
    print(json.dumps(part(int(rows), Path(file))), file=say, flush=True)


def peak_mb() -> float:
    """The most this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def access() -> Any:
    """A campaign, and its owner at it."""
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.campaigns.access import Access
    from apps.campaigns.actions import start_campaign
    from apps.campaigns.roles import Role

    owner = User.objects.create_user(username="owner", email="owner@example.org")
    campaign = start_campaign(name="Bench", by=owner, at=timezone.now(), is_public=False)
    return Access(campaign, owner, Role.OWNER, timezone.now())


def figures(rows: int, began: float, cpu: float, before: float, **more: float) -> dict[str, float]:
    seconds = time.perf_counter() - began
    return {
        "rows": rows,
        "seconds": seconds,
        "rows_per_s": rows / seconds,
        "cpu_s": time.process_time() - cpu,
        "memory_mb": peak_mb() - before,
        **more,
    }


def ours(rows: int, file: Path) -> dict[str, float]:
    """Handed in, every row checked by the form, and all written."""
    from django.utils import timezone

    from apps.intake.models import Import, Imported
    from apps.intake.sheets import actions, steps

    at = access()
    before, began, cpu = peak_mb(), time.perf_counter(), time.process_time()
    with file.open("rb") as opened:
        importing = actions.hand_in(
            at, kind="statistic", name=file.name, pieces=iter(lambda: opened.read(65536), b"")
        )
    actions.confirm_columns(importing, importing.columns, at=at.at)
    steps.work(now=timezone.now, only=importing)
    checked = time.perf_counter()
    importing.refresh_from_db()
    actions.ask(importing, Import.Choice.ALL, at=timezone.now())
    steps.work(now=timezone.now, only=importing)
    found = figures(rows, began, cpu, before, check_s=checked - began, write_s=time.perf_counter() - checked)
    assert Imported.objects.count() == rows, "Not every row was imported."
    return found


def default(rows: int, file: Path) -> dict[str, float]:
    """django-import-export as its documentation shows it: a ModelResource, the dry run of its preview, then
    the import. It writes Entry's own columns, with history; no names, details, tags, counts or index."""
    from import_export.resources import ModelResource

    from apps.timeline.models import Entry

    at = access()

    class EntryResource(ModelResource):
        class Meta:
            model = Entry
            fields = ("id", "headline", "note", "date", "placed", "earliest", "latest")

        def init_instance(self, row: Any = None) -> Any:
            shown = {"shown_from": at.at, "recorded_at": at.at, "created_by": at.user}
            return Entry(campaign=at.campaign, kind="update", **shown)

        def before_import_row(self, row: Any, **kwargs: Any) -> None:
            row["headline"] = f"{row['Figure']} {row['Unit']}: {row['Measure']}, {row['Area']}"
            row["date"] = row["placed"] = row["earliest"] = row["latest"] = row["As of"]
            row["note"] = row["Note"]

    return _by_its_default_path(EntryResource(), rows, file)


def same_work(rows: int, file: Path) -> dict[str, float]:
    """The same, each row saved as the page that adds a statistic does it: by its form and its action."""
    from import_export.resources import ModelResource

    from apps.evidence.actions import add_statistic
    from apps.evidence.models import Statistic
    from apps.intake.sheets.rows import FORMS, names_of

    at = access()
    names = {
        "Measure": "measure",
        "Figure": "figure",
        "Unit": "unit",
        "Area": "area",
        "Period": "period",
        "As of": "date",
        "Source": "source",
        "Counted by": "organisation",
        "Tags": "tags",
        "Note": "note",
    }

    class StatisticResource(ModelResource):
        class Meta:
            model = Statistic
            fields = ("entry",)
            import_id_fields = ()

        def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
            data = {field: row[column] for column, field in names.items()} | {"visibility": "team"}
            form: Any = FORMS["statistic"](data, access=at, names=names_of(at))
            assert form.is_valid(), form.errors
            instance.form = form

        def validate_instance(self, *args: Any, **kwargs: Any) -> None:
            """The form has."""

        def do_instance_save(self, instance: Any, is_create: bool) -> None:
            facts, figure = instance.form.facts(by=at.user), instance.form.figure_made()
            made = add_statistic(campaign=at.campaign, facts=facts, figure=figure, by=at.user, at=at.at)
            instance.pk = made.pk

    return _by_its_default_path(StatisticResource(), rows, file)


def _by_its_default_path(resource_: Any, rows: int, file: Path) -> dict[str, float]:
    from tablib import Dataset

    before, began, cpu = peak_mb(), time.perf_counter(), time.process_time()
    dataset = Dataset().load(file.read_text(encoding="utf-8"), format="csv")
    previewed = resource_.import_data(dataset, dry_run=True, raise_errors=True)
    assert not previewed.has_errors()
    checked = time.perf_counter()
    dataset = Dataset().load(file.read_text(encoding="utf-8"), format="csv")
    resource_.import_data(dataset, dry_run=False, raise_errors=True)
    return figures(rows, began, cpu, before, check_s=checked - began, write_s=time.perf_counter() - checked)


if __name__ == "__main__":
    main(*sys.argv[1:])
