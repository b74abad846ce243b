"""The index of words is filled for what a site has. Here, for details are words too, and the room of entries
does not know them."""

from collections import defaultdict

from django.db import migrations

from apps.words import Document, literal

BATCH = 2_000
HEAD = ("headline", "quote__words", "statistic__measure")
BODY = (
    *("note", "person__name", "quote__post__role", "organisation__name", "statistic__unit"),
    *("statistic__area", "statistic__population", "source__title", "source__publisher"),
)
FACTS = ("pk", "placed", "campaign_id", "kind", "person_id", "organisation_id", "source_id", "embargo_until")


def write_what_there_is(apps, schema_editor):
    """As timeline/index.py did when this was written."""
    Entry = apps.get_model("timeline", "Entry")
    last = 0
    while True:
        rows = Entry._base_manager.filter(pk__gt=last).order_by("pk")
        rows = list(rows.values_list(*FACTS, *HEAD, "statistic__figure", *BODY)[:BATCH])
        if not rows:
            return
        last = rows[-1][0]
        _write(schema_editor.connection, rows, _tags_of(Entry, [row[0] for row in rows]))


def _tags_of(Entry, ids):
    tags = defaultdict(list)
    tagged = Entry.tags.through._base_manager.filter(entry__in=ids).order_by("tag__name", "tag")
    for entry, name, tag in tagged.values_list("entry_id", "tag__name", "tag_id"):
        tags[entry].append((name, tag))
    return tags


def _write(connection, rows, tags):
    made = []
    for row in rows:
        pk, placed, campaign, kind, person, organisation, source, embargo = row[:8]
        head, figure, body = row[8:11], row[11], row[12:]
        marks = [f"=c{campaign}", f"=k{kind}"]
        marks += [f"={letter}{at}" for letter, at in (("p", person), ("o", organisation), ("s", source)) if at]
        marks += [f"=t{tag}" for _, tag in tags[pk]]
        marks += ["=e"] if embargo else []
        plain = [f"{figure.normalize():f}", f"{figure.normalize():,f}"] if figure is not None else []
        texts = [*dict.fromkeys(plain), *filter(None, body), *(name for name, _ in tags[pk])]
        document = Document.of(filter(None, head), texts, marks)
        made.append((pk, placed.toordinal() << 40 | pk, document))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO timeline_words (entry_id, key, head, body, vector) "
                "VALUES (%s, %s, %s, %s, %s::tsvector)",
                [(pk, key, words.head, words.body, literal(words)) for pk, key, words in made],
            )
            return
        cursor.executemany(
            "INSERT INTO timeline_words (entry_id, key, head, body) VALUES (%s, %s, %s, %s)",
            [(pk, key, words.head, words.body) for pk, key, words in made],
        )
        cursor.executemany(
            "INSERT INTO timeline_search (rowid, head, body) VALUES (%s, %s, %s)",
            [(key, words.head, words.body) for _, key, words in made],
        )


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0005_sign_off_and_consent'),
        ('timeline', '0005_words'),
    ]

    operations = [
        migrations.RunPython(write_what_there_is, migrations.RunPython.noop),
    ]
