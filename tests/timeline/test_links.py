"""Links between entries."""

import pytest
from django.core.exceptions import ValidationError

from apps.campaigns.models import Campaign
from apps.timeline.actions import remove_link
from apps.timeline.models import Link, Relation
from tests import make


def test_a_link_joins_two_entries_in_one_direction(campaign: Campaign) -> None:
    quote, milestone = make.quote(campaign).entry, make.milestone(campaign).entry
    link = make.link(quote, milestone, Relation.PROMISES)
    assert (list(quote.links_out.all()), list(milestone.links_in.all())) == ([link], [link])
    assert (list(quote.links_in.all()), list(milestone.links_out.all())) == ([], [])
    assert link.created_by == make.owner_of(campaign)


def test_every_relation_can_be_read_backwards() -> None:
    words = [relation.backwards for relation in Relation]
    assert len(set(words)) == len(Relation)


def test_an_entry_is_not_linked_to_itself(campaign: Campaign) -> None:
    entry = make.update(campaign)
    with pytest.raises(ValidationError, match="linked to itself"):
        make.link(entry, entry)


def test_entries_of_two_campaigns_are_not_linked(campaign: Campaign, other_campaign: Campaign) -> None:
    with pytest.raises(ValidationError, match="same campaign"):
        make.link(make.update(campaign), make.update(other_campaign))
    assert Link.objects.count() == 0


def test_the_same_link_twice_is_refused_but_another_relation_or_direction_is_not(campaign: Campaign) -> None:
    one, two = make.update(campaign), make.update(campaign)
    make.link(one, two)
    with pytest.raises(ValidationError, match="linked that way already"):
        make.link(one, two)
    make.link(one, two, Relation.UPDATES)
    make.link(two, one)
    assert Link.objects.count() == 3


def test_removing_a_link_leaves_who_removed_it_in_history(campaign: Campaign) -> None:
    link, editor = make.link(make.update(campaign), make.update(campaign)), make.member(campaign, "press")
    remove_link(link=link, by=editor)
    rows = Link.history.order_by("history_id").values_list("history_type", "history_user")
    assert list(rows) == [("+", make.owner_of(campaign).pk), ("-", editor.pk)]
