"""The index of words: what search looks in instead of the entries, kept by the actions that write them.

Each entry is a Words row, split by apps/words, in a PostgreSQL column or an SQLite table beside it. Whoever
writes an entry, its details, or a name that stands in it, writes it here too, in the same transaction: no
trigger does (Django's rebuilds of SQLite tables drop triggers) and no signal.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet

from apps.campaigns.models import Campaign
from apps.people.models import Organisation, Person, Post
from apps.sources.models import Source
from apps.timeline.models import Entry, Kind, Tag, Words
from apps.timeline.models.matching import key_of
from apps.words import Document, literal

HEAD = ("headline", "quote__words", "statistic__measure")
"""What an entry says itself, by the fields it is in; those of details are found by name, as the rooms above
have them."""
BODY = (
    *("note", "person__name", "quote__post__role", "organisation__name", "statistic__unit"),
    *("statistic__area", "statistic__population", "source__title", "source__publisher"),
)
"""What else belongs to it."""
FIGURE = "statistic__figure"
FACTS = ("pk", "placed", "campaign_id", "kind", "person_id", "organisation_id", "source_id", "embargo_until")
BATCH = 2_000
EMBARGO = "=e"
"""The mark of an entry that has an embargo, lifted or not."""


def mark(what: Campaign | Person | Organisation | Source | Tag | Kind) -> str:
    """What an entry bears in the index that belongs to this."""
    if isinstance(what, Kind):
        return f"=k{what}"
    return mark_of(type(what), what.pk)


def mark_of(model: type[Any], pk: int) -> str:
    return f"={_LETTERS[model]}{pk}"


_LETTERS: dict[type[Any], str] = {Campaign: "c", Person: "p", Organisation: "o", Source: "s", Tag: "t"}


Row = tuple[int, str, str]
"""Key, head and body."""


class Indexed(NamedTuple):
    """One entry as it should stand in the index."""

    pk: int
    key: int
    document: Document


# --- What should be there ---------------------------------------------------------------------------------


def documents(ids: Sequence[int]) -> list[Indexed]:
    """What the index should hold of these entries."""
    tags: dict[int, list[tuple[str, int]]] = defaultdict(list)
    through: Any = Entry.tags.through
    tagged = through._default_manager.filter(entry__in=ids).order_by("tag__name", "tag")
    for entry, name, tag in tagged.values_list("entry_id", "tag__name", "tag_id"):
        tags[entry].append((name, tag))
    rows = Entry.everything.filter(pk__in=ids).order_by("pk").values_list(*FACTS, *HEAD, FIGURE, *BODY)
    return [_indexed(row, tags.get(row[0], ())) for row in rows]


def _indexed(row: Sequence[Any], tags: Iterable[tuple[str, int]]) -> Indexed:
    pk, placed, campaign, kind, person, organisation, source, embargo = row[: len(FACTS)]
    parts = row[len(FACTS) :]
    figure = _figures(parts[len(HEAD)])
    marks = [f"=c{campaign}", f"=k{kind}"]
    for letter, known in (("p", person), ("o", organisation), ("s", source)):
        if known:
            marks.append(f"={letter}{known}")
    marks += [f"=t{tag}" for _, tag in tags]
    if embargo:
        marks.append(EMBARGO)
    head = [part for part in parts[: len(HEAD)] if part]
    body = [*figure, *(part for part in parts[len(HEAD) + 1 :] if part), *(name for name, _ in tags)]
    return Indexed(pk, key_of(placed, pk), Document.of(head, body, marks))


def _figures(figure: Decimal | None) -> list[str]:
    """A figure as people type it: 1204 and 1,204."""
    if figure is None:
        return []
    plain = f"{figure.normalize():f}"
    grouped = f"{figure.normalize():,f}"
    return [plain] if plain == grouped else [plain, grouped]


# --- Keeping it -------------------------------------------------------------------------------------------


def write(ids: Iterable[int]) -> None:
    """Write these entries anew. In the transaction that changed them."""
    for batch in _batches(ids, BATCH):
        _lock(batch)
        _write(documents(batch), batch)


def write_of(entries: QuerySet[Entry]) -> None:
    """The same for all of some entries: those a name stands in that has changed."""
    write(list(entries.order_by().values_list("pk", flat=True)))


def write_named(row: Person | Organisation | Source | Tag | Post) -> None:
    """After a new name: write the entries again that it stands in."""
    write_of(Entry.everything.filter(_stands_in(row)))


def _stands_in(row: Person | Organisation | Source | Tag | Post) -> Q:
    if isinstance(row, Person):
        return Q(person=row)
    if isinstance(row, Organisation):
        return Q(organisation=row)
    if isinstance(row, Source):
        return Q(source=row)
    return Q(tags=row) if isinstance(row, Tag) else Q(quote__post=row.pk)


def standing_in(row: Person | Organisation | Source | Tag | Post) -> list[int]:
    """The entries it stands in, to be written again once it is gone."""
    return list(Entry.everything.filter(_stands_in(row)).order_by().values_list("pk", flat=True))


def standing_in_any(rows: Iterable[Any]) -> list[int]:
    return [pk for row in rows for pk in standing_in(row)]


def forget(ids: Iterable[int]) -> None:
    """Take entries out that are about to be deleted."""
    for batch in _batches(ids, BATCH):
        _write([], batch)


def forget_campaign(campaign: Campaign) -> None:
    """Take all of a campaign's entries out, before it is deleted."""
    here = Entry.everything.filter(campaign=campaign).order_by().values_list("pk", flat=True)
    forget(list(here))


def _batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch


UPSERT = """
    INSERT INTO timeline_words (entry_id, key, head, body{column}) VALUES (%s, %s, %s, %s{value})
    ON CONFLICT (entry_id) DO UPDATE SET key = excluded.key, head = excluded.head, body = excluded.body{also}
"""
UPSERT_SQLITE = UPSERT.format(column="", value="", also="")
UPSERT_POSTGRESQL = UPSERT.format(
    column=", vector", value=", %s::tsvector", also=", vector = excluded.vector"
)
TAKE_OUT = "INSERT INTO timeline_search (timeline_search, rowid, head, body) VALUES ('delete', %s, %s, %s)"
PUT_IN = "INSERT INTO timeline_search (rowid, head, body) VALUES (%s, %s, %s)"


def _write(wanted: Sequence[Indexed], ids: Sequence[int]) -> None:
    """Of the entries `ids`, have in the index what is wanted, and nothing of the others."""
    stand = _standing(ids)
    want = {one.pk: _row(one) for one in wanted}
    changed = {pk: row for pk, row in want.items() if stand.get(pk) != row}
    gone = [pk for pk in stand if pk not in want]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(pk, *row, literal(Document(row[1], row[2]))) for pk, row in changed.items()]
            cursor.executemany(UPSERT_POSTGRESQL, rows)
        else:
            cursor.executemany(TAKE_OUT, [stand[pk] for pk in (*changed, *gone) if pk in stand])
            cursor.executemany(UPSERT_SQLITE, [(pk, *row) for pk, row in changed.items()])
            cursor.executemany(PUT_IN, list(changed.values()))
    if gone:
        Words.objects.filter(entry__in=gone).delete()


def _standing(ids: Sequence[int]) -> dict[int, Row]:
    """The rows there are of these entries."""
    rows = Words.objects.filter(entry__in=ids).values_list("entry_id", "key", "head", "body")
    return {pk: (key, head, body) for pk, key, head, body in rows}


def _row(one: Indexed) -> Row:
    return one.key, one.document.head, one.document.body


# --- All of it --------------------------------------------------------------------------------------------


def rebuild(*, tell: Callable[[int], None] = lambda done: None) -> int:
    """Write the whole index anew, in batches that are each all or nothing. Answers how many entries there
    are; `tell` hears how many so far. Entries can be written meanwhile."""
    _empty()
    done = 0
    for ids in _all_ids():
        with transaction.atomic():
            _lock(ids)
            _write(documents(ids), ids)
        done += len(ids)
        tell(done)
    return done


@transaction.atomic
def _empty() -> None:
    """With nothing in it SQLite's table is sure to hold nothing that no entry has."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("INSERT INTO timeline_search (timeline_search) VALUES ('delete-all')")
    Words.objects.all().delete()


def number_of_entries() -> int:
    return Entry.everything.count()


def _all_ids() -> Iterator[list[int]]:
    """The ids of all entries, a batch at a time."""
    last = 0
    rows = Entry.everything.order_by("pk").values_list("pk", flat=True)
    while ids := list(rows.filter(pk__gt=last)[:BATCH]):
        yield ids
        last = ids[-1]


def _lock(ids: Sequence[int]) -> None:
    """Whoever is writing one of them is waited for; whoever comes after waits."""
    if connection.vendor == "postgresql":
        list(Entry.everything.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


class Drift(NamedTuple):
    """How the index is not what it should be."""

    missing: list[int]
    """Entries that are not in it."""
    different: list[int]
    """Entries that are in it with other words."""
    strange: int
    """Rows in it that no entry has."""
    broken: bool
    """That SQLite's table is not made of the rows it should be made of."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.different or self.strange or self.broken)


def check(*, tell: Callable[[int], None] = lambda done: None) -> Drift:
    """Compare the whole index with the entries. `tell` hears how many have been looked at."""
    missing: list[int] = []
    different: list[int] = []
    done = 0
    for ids in _all_ids():
        wanted = {one.pk: one for one in documents(ids)}
        stand = _standing(ids)
        missing += [pk for pk in wanted if pk not in stand]
        different += [pk for pk, row in stand.items() if row != _row(wanted[pk])]
        if connection.vendor == "postgresql":
            different += _with_another_vector(set(stand) - set(different), wanted)
        done += len(ids)
        tell(done)
    strange = _strange()
    return Drift(missing, different, strange, not strange and _is_broken())


def _with_another_vector(ids: Iterable[int], wanted: Mapping[int, Indexed]) -> list[int]:
    pks = sorted(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM timeline_words JOIN unnest(%s::bigint[], %s::text[]) AS made (pk, vector) "
            "ON pk = entry_id WHERE timeline_words.vector IS DISTINCT FROM made.vector::tsvector",
            [pks, [literal(wanted[pk].document) for pk in pks]],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _strange() -> int:
    """Rows of SQLite's table whose entry was deleted past the actions: they are found by nobody, and stay.
    PostgreSQL's go with the entry."""
    if connection.vendor == "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM timeline_search_docsize AS size "
            "WHERE NOT EXISTS (SELECT 1 FROM timeline_words WHERE timeline_words.key = size.id)"
        )
        return int(cursor.fetchone()[0])


def _is_broken() -> bool:
    """What SQLite finds when it reads its table through and compares it with the rows of Words."""
    if connection.vendor == "postgresql":
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO timeline_search (timeline_search, rank) VALUES ('integrity-check', 1)"
            )
    except DatabaseError:
        return True
    return False
