"""That entries left the site, and where they went."""

from apps.campaigns.models import Campaign
from apps.timeline.actions import record_use
from apps.timeline.models import Use, Way
from tests import make
from tests.make import AT, SECOND


def test_the_newest_use_comes_first(campaign: Campaign) -> None:
    quote, figure = make.quote(campaign).entry, make.statistic(campaign).entry
    record_use(
        entries=[quote, figure],
        way=Way.EXPORTED,
        form="Word",
        by=make.owner_of(campaign),
        at=AT,
        where="A pack",
    )
    record_use(entries=[quote], way=Way.COPIED, form="Markdown", by=make.owner_of(campaign), at=AT + SECOND)
    assert [(use.way, use.form, use.where) for use in quote.uses.all()] == [
        ("copied", "Markdown", ""),
        ("exported", "Word", "A pack"),
    ]
    assert [use.used_by for use in figure.uses.all()] == [make.owner_of(campaign)]


def test_a_long_name_is_cut_and_not_refused(campaign: Campaign) -> None:
    entry = make.update(campaign)
    record_use(
        entries=[entry], way=Way.EXPORTED, form="CSV", by=make.owner_of(campaign), at=AT, where="x" * 400
    )
    assert Use.objects.get().where == "x" * 300
