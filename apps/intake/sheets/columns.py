"""Which field each column of a file fills: guessed from what stands at its head."""

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches

CALLED: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "what", "fact", "milestone", "event", "summary", "subject", "name"),
    "date": (
        "date",
        "when",
        "day",
        "target",
        "target date",
        "deadline",
        "due",
        "due date",
        "by when",
        "as of",
    ),
    "note": ("note", "notes", "comment", "comments", "description", "details", "remarks"),
    "person": ("person", "speaker", "who", "said by", "spokesperson", "name"),
    "organisation": ("organisation", "organization", "org", "body", "department", "agency", "counted by"),
    "source": ("source", "source title", "publication", "citation", "reference", "where from", "article"),
    "source_url": ("url", "link", "web address", "source url", "source link", "address", "website"),
    "source_publisher": ("publisher", "published by", "outlet", "newspaper", "source publisher"),
    "source_published": ("published", "publication date", "published on", "date published", "source date"),
    "tags": ("tags", "tag", "keywords", "labels", "topics", "topic", "category", "categories", "theme"),
    "visibility": ("visibility", "visible to", "who may see it", "access"),
    "embargo_until": ("embargo", "embargo until", "embargoed until"),
    "embargo_zone": ("embargo zone", "time zone", "timezone"),
    "measure": ("measure", "indicator", "metric", "what is counted", "statistic", "description"),
    "figure": ("figure", "value", "number", "amount", "count", "total"),
    "hedge": ("hedge", "qualifier"),
    "unit": ("unit", "units"),
    "area": ("area", "region", "place", "location", "geography", "local authority", "country", "force"),
    "population": ("population", "out of", "base", "group"),
    "period": ("period", "year", "financial year", "reporting period", "quarter", "covers"),
    "baseline": ("baseline", "previous", "previous value", "earlier figure", "before", "last year"),
    "stated_change": ("change", "change as stated", "percentage change", "stated change"),
    "series": ("series",),
    "next_release": ("next release", "next figures"),
    "words": ("words", "quote", "quotation", "text", "statement", "said"),
    "voice": ("voice", "sort", "sort of quote", "type"),
    "owner": ("owner", "watched by", "assignee", "assigned to", "responsible", "lead"),
}
"""What people call it, the likeliest first."""


def guess(headers: Sequence[str], fields: Mapping[str, str]) -> list[str]:
    """For each column a field, by its name or label in `fields`, or "": no field twice."""
    told = {"": ""}
    for name, label in reversed(list(fields.items())):
        for word in reversed((name, label, *CALLED.get(name, ()))):
            told.setdefault(_plain(word), name)
    for name, label in fields.items():  # what it is called here goes before what others call so
        told[_plain(label)] = told[_plain(name)] = name
    columns: list[str] = []
    for header in headers:
        columns.append(_field(_plain(header), told, taken=columns))
    if "source_url" in columns and "source" not in columns:
        columns[columns.index("source_url")] = "source"  # where there is no title, the address is one
    return columns


def _field(header: str, told: Mapping[str, str], *, taken: Collection[str]) -> str:
    near = [header, *get_close_matches(header, [word for word in told if word], n=1, cutoff=0.88)]
    found = next((told[word] for word in near if told.get(word)), "")
    if found and found not in taken:
        return found
    others = (name for name, words in CALLED.items() if header in words and name in told.values())
    return next((name for name in others if name not in taken), "")


def _plain(header: str) -> str:
    return " ".join(re.findall(r"\w+", header.casefold().replace("_", " ")))
