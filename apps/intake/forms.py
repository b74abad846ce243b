"""The forms of what comes in: a text, a review, an update logged on a phone."""

import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.campaigns.fields import Line, NameField, PartialDateField, Prose, web_address
from apps.dates import PartialDate, parse
from apps.evidence.comparing import find
from apps.evidence.figures import BadFigure, read_figure
from apps.intake.files import MOST_BYTES
from apps.intake.models import Article, Held, Proposal
from apps.intake.photos import MOST_BYTES as MOST_BYTES_OF_A_PHOTO
from apps.intake.photos import BadPhoto, drawn_anew
from apps.intake.texts import LONGEST
from apps.timeline.models import Entry, Kind, Relation

MOST_TYPED = LONGEST + 50_000
"""More than is taken in, so that what is too long is kept on the page while its writer shortens it."""
REASONS = (
    "Not what the text says",
    "Already here",
    "Not about this campaign",
    "Cannot be checked",
    "Too small to keep",
)


class Pasted(forms.CharField):
    """A text as it was pasted: nothing in it is refused here, for it is cleaned before it is kept."""

    widget = forms.Textarea(attrs={"rows": 10, "data-text": ""})

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value))

    def run_validators(self, value: Any) -> None:
        """Characters that cannot be seen are taken out later, not refused."""
        if len(value) > MOST_TYPED:
            raise ValidationError(
                f"The text has {len(value):,} characters, and {LONGEST:,} is the most. "
                "Give the part that matters."
            )


class TextForm(forms.Form):
    """A text to take in: pasted, behind a link, or in a file. `held` is one that came with an earlier
    sending of the form: chosen, or fetched from that link."""

    text = Pasted(label="Paste the text", required=False, strip=False)
    url = web_address(label="Or give its link")
    upload = forms.FileField(
        label="Or choose a file",
        required=False,
        max_length=200,
        help_text="Text (.txt), web page (.html), Word (.docx) or PDF, 5 MB at most.",
    )
    title = Line(
        label="Its title", max_length=300, required=False, help_text="Left empty, the first line of the text."
    )
    publisher = Line(label="Who published it", max_length=200, required=False)
    published = PartialDateField(
        label="When it was published",
        required=False,
        help_text="Dates like “this autumn” count from it. Left empty, it is looked for in the text.",
    )

    excerpt = forms.BooleanField(
        label="What is pasted is a part of it, not the whole",
        required=False,
        help_text="Then quotes from the rest of it are not held against this part.",
    )

    def __init__(self, *args: Any, held: Held | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        self.fields["url"].help_text = "The page is fetched once. Paste the text too if it is behind a wall."

    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("text", "url", "upload")]

    def about_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("title", "publisher", "published", "excerpt")]

    def about_is_used(self) -> bool:
        return any(field.errors or field.value() for field in self.about_fields())

    def clean_upload(self) -> UploadedFile | None:
        upload = cast("UploadedFile | None", self.cleaned_data["upload"])
        if upload and (upload.size or 0) > MOST_BYTES:
            raise ValidationError(
                f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Paste the part that matters."
            )
        return upload

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = [name for name in ("text", "upload", "url") if str(cleaned.get(name) or "").strip()]
        if not given and not self.held and not self.errors:
            self.add_error("text", "There is nothing here yet. Paste a text, give a link or choose a file.")
        if "text" in given and "upload" in given:
            self.add_error("upload", "There is a text pasted above as well. Give one of the two.")
        return cleaned


KEPT = ("role", "link_to", "relation", "moves", "reason")
"""Fields of a review that are kept with the proposal."""


class ReviewForm(forms.Form):
    """What goes beside the fields of the entry itself while a proposal is reviewed."""

    role = Line(
        label="Their role then",
        max_length=200,
        required=False,
        help_text="As printed. It is added to the person as a post, if they have none like it.",
    )
    passage = Prose(
        label="Its words in the text",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-passage": ""}),
        help_text="Mark other words in the text to change what it rests on.",
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    link_to = NameField(
        find="entries",
        by="headline",
        label="Link it to",
        required=False,
        help_text="Another entry it bears on: the milestone a quote promises, the figure it answers.",
    )
    relation = forms.ChoiceField(label="Because it", choices=Relation.choices, required=False)
    moves = NameField(
        find="entries",
        by="headline",
        label="It moves the date of",
        required=False,
        help_text="A milestone that is here already. Its date moves, and no new one is added.",
    )
    reason = Line(
        label="Why it moved",
        max_length=500,
        required=False,
        help_text="It stands in the record of its dates, with the source.",
    )
    because = Line(
        label="Note on the decision",
        max_length=300,
        required=False,
        help_text="Whoever proposed it reads it.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, proposal: Proposal, entries: QuerySet[Entry], **kwargs: Any) -> None:
        self.proposal = proposal
        stored = proposal.fields
        initial = {name: stored.get(name, "") for name in KEPT}
        initial |= {"version": proposal.version, "passage": proposal.words, "start": proposal.start}
        super().__init__(*args, **{"prefix": "review", "initial": initial, **kwargs})
        cast(NameField, self.fields["link_to"]).rows = entries
        cast(NameField, self.fields["moves"]).rows = entries.filter(kind=Kind.MILESTONE)
        if proposal.kind != Kind.QUOTE:
            del self.fields["role"]
        if proposal.article is None:
            del self.fields["passage"], self.fields["start"]
        if proposal.sort == Proposal.Sort.CHANGE:
            del self.fields["link_to"], self.fields["relation"]
        if proposal.kind != Kind.MILESTONE or proposal.sort == Proposal.Sort.CHANGE:
            del self.fields["moves"], self.fields["reason"]

    def clean_link_to(self) -> Entry | None:
        other = self.cleaned_data["link_to"]
        if other and not isinstance(other, Entry):
            raise ValidationError(f"No entry here is called “{str(other)[:80]}”. Pick one of those offered.")
        return cast("Entry | None", other)

    def clean_moves(self) -> Entry | None:
        other = self.cleaned_data["moves"]
        if other and not isinstance(other, Entry):
            raise ValidationError(
                f"No milestone here is called “{str(other)[:80]}”. Pick one of those offered."
            )
        return cast("Entry | None", other)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("moves") and not cleaned.get("reason"):
            self.add_error("reason", "Say why it moved: “the government answered late”.")
        if "passage" in self.fields and "passage" not in self.errors:
            cleaned["span"] = self._span(cleaned.get("passage", ""), cleaned.get("start"))
        return cleaned

    def _span(self, passage: str, start: int | None) -> tuple[int, int] | None:
        """Where the passage stands: at `start` if it is there, else at its first place in the text."""
        if not passage.strip() or passage == self.proposal.words:
            return None
        article = self.proposal.article
        assert article is not None
        text = article.snapshot.text
        if start is not None and text[start : start + len(passage)] == passage:
            return start, start + len(passage)
        found = find(passage, text)
        if found is None:
            self.add_error("passage", "These words are not in the text. Copy them from it, word for word.")
            return None
        return found.start, found.end

    def typed(self) -> dict[str, str]:
        """What is kept of it with the proposal."""
        typed = {name: str(self[name].value() or "") for name in KEPT if name in self.fields}
        if not typed.get("link_to"):
            typed.pop("relation", None)  # a list always has something chosen
        return typed


class MarkForm(forms.Form):
    """Words that somebody marked in a text themselves."""

    kind = forms.ChoiceField(label="It is a", choices=[(kind.value, kind.label) for kind in Kind])
    passage = Prose(
        label="Its words in the text",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "data-passage": ""}),
        help_text="Copy them from the text, word for word.",
    )
    start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "mark", **kwargs})
        self.article = article

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        passage, start = cleaned.get("passage", ""), cleaned.get("start")
        text = self.article.snapshot.text
        if start is not None and text[start : start + len(passage)] == passage:
            cleaned["span"] = (start, start + len(passage))
        elif passage and (found := find(passage, text)):
            cleaned["span"] = (found.start, found.end)
        elif passage:
            self.add_error("passage", "These words are not in the text. Copy them from it, word for word.")
        return cleaned


class RejectForm(forms.Form):
    """Why something is not accepted; whoever proposed it reads it."""

    because = Line(
        label="Why not",
        max_length=300,
        widget=forms.TextInput(attrs={"list": "reasons", "autocomplete": "off"}),
        error_messages={"required": "Say why, in a few words: whoever proposed it reads it."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReadingForm(forms.Form):
    """A figure as one reads it."""

    typed = Line(
        label="The figure, as you read it",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal", "class": "short"}),
        help_text="Read it in the text yourself, and type it: 389, 1.2m, 12.5%.",
    )

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        try:
            read_figure(typed)
        except BadFigure as wrong:
            raise ValidationError(str(wrong)) from wrong
        return typed


class LogForm(forms.Form):
    """What just happened, in as few taps as it takes. `held` is a photo that came with an earlier sending."""

    note = Prose(
        label="What happened",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The first line is its headline.",
    )
    date = PartialDateField(label="When")
    photo = forms.FileField(
        label="Photo",
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="Kept without the place and the camera that phones write into it.",
    )
    link = web_address(label="Link")

    def __init__(self, *args: Any, today: datetime.date, held: Held | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        self.initial["date"] = parse(today.isoformat())

    def clean_date(self) -> PartialDate | None:
        return cast("PartialDate | None", self.cleaned_data["date"])

    def clean_photo(self) -> bytes | None:
        """The picture alone, drawn anew."""
        upload = cast("UploadedFile | None", self.cleaned_data["photo"])
        if not upload:
            return None
        try:
            return drawn_anew(upload.read(MOST_BYTES_OF_A_PHOTO + 1))
        except BadPhoto as refusal:
            raise ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        awaited = self.data.get("held") and not self.data.get("leave")
        if awaited and not self.held and not self.files.get("photo"):
            self.add_error("photo", "The photo is no longer kept. Choose it again, or send this without it.")
        return cleaned

    def picture(self) -> bytes | None:
        """The photo, drawn anew: chosen now, or held as it was drawn before."""
        if chosen := cast("bytes | None", self.cleaned_data["photo"]):
            return chosen
        return bytes(self.held.content) if self.held else None

    def as_update(self) -> dict[str, str]:
        """As the fields of an update, typed."""
        first, _, rest = self.cleaned_data["note"].strip().partition("\n")
        headline = " ".join(first.split())
        if len(headline) > 300:
            cut = headline[:298].rsplit(" ", 1)[0]
            headline, rest = f"{cut} …", self.cleaned_data["note"]
        fields = {"headline": headline, "note": rest.strip(), "date": str(self.data.get("date", ""))}
        link = self.cleaned_data["link"]
        return fields | ({"source": link} if link else {})


class QueueForm(forms.Form):
    """Which of what waits to show."""

    sort = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "everything"), *((sort.value, sort.label) for sort in Proposal.Sort)],
    )
    kind = forms.ChoiceField(
        label="Kind",
        required=False,
        choices=[("", "of any kind"), *((kind.value, kind.label.lower()) for kind in Kind)],
    )
    whose = forms.ChoiceField(
        label="Given to",
        required=False,
        choices=[("", "anybody"), ("me", "me"), ("nobody", "nobody yet")],
    )
    sender = forms.ModelChoiceField(
        label="From", queryset=User.objects.none(), required=False, empty_label="anybody"
    )

    def __init__(self, *args: Any, senders: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[User]", self.fields["sender"]).queryset = senders
