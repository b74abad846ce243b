"""What a screen reader is told of the timeline: the browser's accessibility tree, kept as text and compared.

The story is over and its dates stand, so that it reads the same on any day. After a change that is meant,
write them anew and read the difference: `TRANSCRIPTS=write pytest tests/journeys/test_transcript.py`.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visit
from tests.journeys.site import TRUE_STORY, Site

KEPT = Path(__file__).with_name("transcripts")
BILL = "Online Harms Bill on the statute book"
VIEWS = {
    "timeline": "{true}timeline/",
    "path": "{true}timeline/?path={bill}",
    "as-of": "{true}timeline/?asof=2021-06-01",
    "embed": "{frame}",
}


def transcript(page: Page) -> str:
    """The tree without addresses, which hold the numbers of rows."""
    lines = page.locator("main").aria_snapshot().splitlines()
    return "\n".join(line for line in lines if not re.match(r"\s*- /url:", line)) + "\n"


@pytest.mark.parametrize("name", VIEWS)
def test_a_screen_reader_is_told_what_the_transcript_says(name: str, visit: Visit, site: Site) -> None:
    true, bill = site.campaign(TRUE_STORY), site.entry(BILL).rstrip("/").rpartition("/")[2]
    page = visit()
    page.goto(VIEWS[name].format(true=true, bill=bill, frame=true.replace("/c/", "/embed/")))
    expect(page.locator("#picture .item").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    told = transcript(page)
    kept = KEPT / f"{name}.txt"
    if os.environ.get("TRANSCRIPTS") == "write":
        kept.write_text(told)
    assert told.splitlines() == kept.read_text().splitlines()


@pytest.mark.parametrize("name", VIEWS)
def test_the_transcript_tells_the_whole_story(name: str) -> None:
    """Picture and list say the same of the Bill: what it is, when it was to be, and how late it came."""
    told = (KEPT / f"{name}.txt").read_text()
    assert re.search(r'group "Picture of the timeline, .+"', told)
    assert re.search(r'group "Milestones":\n\s+- link "Milestone, ', told), "each lane says what it is"
    assert "- img" not in told, "what is inside an image is not read"
    marks = re.findall(rf'link "(Milestone, {BILL}, .+)"', told)
    if name == "as-of":
        assert "by the end of 2021" in marks[0] and "Royal Assent: the Bill" not in told
    else:
        assert marks == [f"Milestone, {BILL}, 26 October 2023, met 664 days late, moved 4 times"]
    assert len(re.findall(r"- listitem", told)) >= 5
    if name == "path":
        assert "First target: by the end of 2021." in told and "Leave the path" in told
