"""The tables of the timeline."""

from apps.timeline.models.entry import Entry, GateIsClosed, Kind, State, Tag, Visibility
from apps.timeline.models.link import Link, Relation

__all__ = ["Entry", "GateIsClosed", "Kind", "Link", "Relation", "State", "Tag", "Visibility"]
