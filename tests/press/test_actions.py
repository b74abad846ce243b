"""Putting packs together: order, notes, two people at once, and what is kept of what left."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from apps.campaigns.models import Campaign
from apps.press import actions
from apps.press.actions import Changed
from apps.press.models import Export, Form, Item, PressPack, Version, VersionIsKept
from apps.timeline.models import Entry, Use, Way
from tests import make
from tests.make import AT, DAY
from tests.press.editions import edition

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def three(campaign: Campaign) -> PressPack:
    return make.pack(campaign, *(make.update(campaign, headline=name) for name in "abc"))


def order(pack: PressPack) -> list[str]:
    return [item.entry.headline if item.entry else item.text for item in pack.items.select_related("entry")]


def item(pack: PressPack, name: str) -> Item:
    return pack.items.get(entry__headline=name)


def by(pack: PressPack, **more: object) -> dict[str, object]:
    pack.refresh_from_db()
    return {"revision": pack.revision, "by": make.owner_of(pack.campaign), "at": AT, **more}


def test_entries_are_put_at_the_end_and_each_once(campaign: Campaign, three: PressPack) -> None:
    again, new = item(three, "b").entry, make.update(campaign, headline="d")
    assert again is not None
    done = actions.put(pack=three, entries=[again, new], by=make.owner_of(campaign), at=AT)
    assert (done.added, done.known, done.too_many) == (1, 1, 0)
    assert order(three) == ["a", "b", "c", "d"]


def test_another_campaigns_entry_is_refused(three: PressPack) -> None:
    elsewhere = make.update(make.campaign(name="Elsewhere"))
    with pytest.raises(ValidationError, match="another campaign"):
        actions.put(pack=three, entries=[elsewhere], by=make.owner_of(three.campaign), at=AT)


def test_a_pack_has_an_end(three: PressPack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST", 4)
    more = [make.update(three.campaign, headline=name) for name in "de"]
    done = actions.put(pack=three, entries=more, by=make.owner_of(three.campaign), at=AT)
    assert (done.added, done.too_many) == (1, 1)
    with pytest.raises(ValidationError, match="at most 4"):
        actions.add_note(pack=three, text="one more", place=1, **by(three))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "by_places", "then"),
    [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("a", 1, "bac")],
)
def test_things_move_up_and_down(three: PressPack, name: str, by_places: int, then: str) -> None:
    actions.step(item=item(three, name), by_places=by_places, **by(three))  # type: ignore[arg-type]
    assert "".join(order(three)) == then


def test_a_note_stands_where_it_is_put_and_an_entry_is_moved_there(three: PressPack) -> None:
    actions.add_note(pack=three, text="note", place=2, **by(three))  # type: ignore[arg-type]
    assert order(three) == ["a", "note", "b", "c"]
    actions.change_item(item=item(three, "c"), text="beside", place=1, **by(three))  # type: ignore[arg-type]
    assert order(three) == ["c", "a", "note", "b"]
    assert item(three, "c").text == "beside"
    actions.take_out(item=item(three, "a"), **by(three))  # type: ignore[arg-type]
    assert order(three) == ["c", "note", "b"]


def test_a_note_by_itself_cannot_be_emptied(three: PressPack) -> None:
    note = actions.add_note(pack=three, text="note", place=1, **by(three))  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="needs words"):
        actions.change_item(item=note, text="", place=1, **by(three))  # type: ignore[arg-type]


def test_the_second_of_two_editors_is_told_and_changes_nothing(three: PressPack) -> None:
    seen = by(three)
    actions.step(item=item(three, "a"), by_places=1, **seen)  # type: ignore[arg-type]
    for change in (
        lambda: actions.step(item=item(three, "c"), by_places=-1, **seen),  # type: ignore[arg-type]
        lambda: actions.take_out(item=item(three, "c"), **seen),  # type: ignore[arg-type]
        lambda: actions.add_note(pack=three, text="x", place=1, **seen),  # type: ignore[arg-type]
        lambda: actions.change_pack(
            pack=three,
            title="x",
            introduction="",
            as_of=None,
            query="",
            **seen,  # type: ignore[arg-type]
        ),
    ):
        with pytest.raises(Changed):
            change()
    assert order(three) == ["b", "a", "c"]


def test_the_history_of_a_pack_says_who_changed_it(three: PressPack) -> None:
    press = make.member(three.campaign, "press")
    actions.change_pack(
        pack=three,
        title="Other",
        introduction="",
        as_of=None,
        query="",
        **by(three, by=press),  # type: ignore[arg-type]
    )
    newest = three.history.latest()
    assert (newest.title, newest.history_user) == ("Other", press)


def freeze(pack: PressPack, **changed: str) -> Version:
    content = replace(edition().content, **changed)
    return actions.freeze(pack=pack, content=content, by=make.owner_of(pack.campaign), at=AT)


def test_the_same_content_is_the_same_version(three: PressPack) -> None:
    numbers = [freeze(three, title=title).number for title in ("a", "a", "b", "a")]
    assert numbers == [1, 1, 2, 3]


def test_a_version_is_never_changed(three: PressPack) -> None:
    version = freeze(three)
    version.number = 7
    for change in (
        version.save,
        lambda: Version.objects.update(number=7),
        lambda: Version.objects.all().delete(),
        lambda: Export.objects.update(form="pdf"),
    ):
        with pytest.raises(VersionIsKept):
            change()
    assert Version.objects.get().number == 1


def test_what_was_exported_cannot_be_removed_and_the_rest_can(three: PressPack) -> None:
    owner = make.owner_of(three.campaign)
    other = make.pack(three.campaign)
    actions.remove_pack(pack=other, by=owner)
    freeze(three)
    with pytest.raises(ValidationError, match="kept"):
        actions.remove_pack(pack=three, by=owner)
    assert list(PressPack.objects.all()) == [three]
    Campaign.objects.get(pk=three.campaign_id).delete()
    assert not Version.objects.exists()


def test_an_export_is_logged_with_the_pack_and_with_each_entry(three: PressPack) -> None:
    owner, version = make.owner_of(three.campaign), freeze(three)
    entries = [each.entry for each in three.items.select_related("entry") if each.entry]
    actions.record_export(
        version=version,
        form=Form.WORD,
        entries=entries,
        address="/c/x/packs/1/versions/1/",
        by=owner,
        at=AT + DAY,
    )
    (export,) = Export.objects.all()
    assert (export.version, export.form, export.exported_by, export.exported_at) == (
        version,
        Form.WORD,
        owner,
        AT + DAY,
    )
    uses = list(Use.objects.order_by("entry"))
    assert [use.entry_id for use in uses] == sorted(entry.pk for entry in entries)
    assert {(use.way, use.form, use.where, use.address, use.used_by) for use in uses} == {
        (
            Way.EXPORTED,
            "Word",
            "Press pack “For the Today programme”, version 1",
            "/c/x/packs/1/versions/1/",
            owner,
        )
    }


def test_a_deleted_entry_leaves_the_pack(three: PressPack) -> None:
    Entry.everything.get(headline="b").delete()
    assert order(three) == ["a", "c"]
