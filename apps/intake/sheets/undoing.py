"""A whole import taken back: what nobody has touched since goes, what others have built on stays."""

from collections.abc import Iterator, Sequence, Set
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.db.models.fields.reverse_related import ForeignObjectRel

from apps.accounts.authorship import delete_all_as
from apps.accounts.models import User
from apps.evidence.bulk import delete_quotes, delete_statistics, settle_series
from apps.evidence.models import Quote, Statistic
from apps.intake.models import Import, Imported
from apps.intake.sheets.checking import Beat
from apps.legislation.bulk import delete_milestones
from apps.legislation.models import Milestone
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.bulk import delete_entries, locked
from apps.timeline.density import Tally
from apps.timeline.models import Entry, Kind

AT_ONCE = 500
GOES_ALONG = {
    "evidence.Statistic",
    "evidence.Quote",
    "evidence.Verdict",
    "legislation.Milestone",
    "legislation.TargetDate",
    "reminders.Plan",
    "reminders.Reminder",
    "intake.Imported",
    "intake.Row",
    "timeline.Words",
    "timeline.Entry_tags",
}
"""What the site itself makes of an entry. Whatever else points to one was made by a person."""
WITH_A_NAME = {"sources.LivePage"}
"""What it makes of a name. All else keeps one: what the entries had of their own is gone by then, and what
another cites is no import's to take."""
DETAILS: dict[str, Any] = {Kind.STATISTIC: Statistic, Kind.QUOTE: Quote, Kind.MILESTONE: Milestone}
NAMES: tuple[Any, ...] = (Person, Organisation, Source)


@transaction.atomic
def undo(importing: Import, *, by: User, beat: Beat) -> int:
    """Take the entries away again, and the names that came with them; answers how many entries were kept."""
    undoer, kept, done = Undoer(importing.kind, by=by), 0, 0
    for batch in _batches(importing):
        kept += undoer.take_back(batch)
        done += len(batch)
        beat(done)
    undoer.finish()
    for model in NAMES:
        _drop_names(model, importing.names.get(model._meta.label, []), by=by)
    return kept


def _batches(importing: Import) -> Iterator[list[Imported]]:
    rows, last = Imported.objects.filter(importing=importing).order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = batch[-1].pk
        yield batch


class Undoer:
    def __init__(self, kind: str, *, by: User) -> None:
        self.kind, self.by = kind, by
        self.tally = Tally()
        self.series: set[int] = set()

    def take_back(self, batch: Sequence[Imported]) -> int:
        """Answers how many of these are kept."""
        entries = {entry.pk: entry for entry in locked([one.entry_id for one in batch])}
        as_made = [one.entry_id for one in batch if entries[one.entry_id].version == one.version]
        built_on = _pointed_at(Entry, as_made, GOES_ALONG)
        if self.kind in DETAILS:
            built_on |= _pointed_at(DETAILS[self.kind], as_made, GOES_ALONG)
        ids = [pk for pk in as_made if pk not in built_on]
        self._delete_details(ids)
        delete_entries([entries[pk] for pk in ids], by=self.by, tally=self.tally)
        return len(batch) - len(ids)

    def _delete_details(self, ids: Sequence[int]) -> None:
        if self.kind == Kind.STATISTIC:
            self.series |= delete_statistics(ids, by=self.by)
        elif self.kind == Kind.QUOTE:
            delete_quotes(ids, by=self.by)
        elif self.kind == Kind.MILESTONE:
            delete_milestones(ids, by=self.by)

    def finish(self) -> None:
        settle_series(self.series, by=self.by)
        self.tally.write()


def _pointed_at(model: type[Model], ids: Sequence[int], along: Set[str]) -> set[int]:
    """Those of these rows that something points to which does not go along."""
    found: set[int] = set()
    for relation in _relations(model):
        if relation.related_model._meta.label in along:
            continue
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        found |= set(rows.order_by().values_list(f"{relation.field.name}_id", flat=True))
    return found


def _relations(model: type[Model]) -> Iterator[ForeignObjectRel]:
    """The foreign keys to this table, but those of histories, which stay."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        if not hasattr(relation.related_model, "history_object"):
            yield relation


def _drop_names(model: Any, ids: Sequence[int], *, by: User) -> None:
    """Those of these names that stand nowhere any more."""
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        used = _pointed_at(model, some, WITH_A_NAME)
        delete_all_as(by, list(model.objects.filter(pk__in=[pk for pk in some if pk not in used])))
