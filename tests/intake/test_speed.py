"""Extraction takes time that grows with the text and no faster, whatever the text is."""

import time
from datetime import date

import pytest

from apps.intake.extraction import extract
from tests.intake.scoring import annotated

BAITS = {
    "opening marks": "“",
    "straight marks": '"',
    "marks and letters": '"a ',
    "single marks": "'a ",
    "quoted letters": "‘a’ ",
    "possessives": "s’ b ",
    "digits": "1",
    "numbers": "1 ",
    "figures": "from 50 to 60 ",
    "by": "by ",
    "capitals": "Cap ",
    "spaces": " ",
    "lines": "\n",
    "speakers": "said:\n\n",
    "attributions": "“x y z.” said John Smith. ",
    "open paragraphs": "“abc def.\n\n",
    "days": "1 January to ",
    "deadlines": "within 5 ",
    "turns": "Mr. Able: b c d\n",
    "offices": "The " + "A" * 200 + "\n\n",
    "titles": "Mr " + "A" * 200 + "\n\n",
    "bare turns": "Mr. Able: b c d\n\nAble able able able able able able [V]\n\n",
    "departments": "A spokesman for the Department for A, B, C, D, E, F, G, H said: ",
    "what was due": "was had were due to promised to was 1 May ",
    "held against": "612 deaths, up from 540 in May to the most since June ",
    "scales": "one hundred ",
    "changes": "up 104 per cent on the 191 in 2019/20, ",
    "sentences of figures": "From 50 to 60. ",
    "sentences of days": "It ends by 1 May 2024. ",
    "shares": "In 14 in 5. ",
    "working days": "They must reply within 260 working days. ",
}
PUBLISHED = date(2021, 3, 5)
SHORT, LONG, MEASURED = 5_000, 40_000, 200_000


def cpu_of(text: str) -> float:
    start = time.process_time()
    extract(text, PUBLISHED)
    return time.process_time() - start


@pytest.mark.parametrize("bait", BAITS.values(), ids=BAITS)
def test_no_bait_makes_it_slow(bait: str) -> None:
    text = (bait * LONG)[:LONG]
    extract(text[:SHORT])
    small, large = (min(cpu_of(read) for _ in range(3)) for read in (text[:SHORT], text))
    assert large < 3 * LONG / SHORT * small + 0.2


def test_a_long_text_of_figures_quotes_and_dates_takes_two_seconds_at_most() -> None:
    dense = (
        "“We saw 389, up 104 per cent on the 191,” said Jane Doe, chair of Refuge, by 1 May 2024. One in 5. "
    )
    text = (dense * (MEASURED // len(dense) + 1))[:MEASURED]
    assert cpu_of(text) < 4  # two on a machine of its own


def test_a_long_text_takes_two_seconds_at_most() -> None:
    articles = "\n\n".join(text["text"] for text in annotated())
    text = (articles * (MEASURED // len(articles) + 1))[:MEASURED]
    assert cpu_of(text) < 4  # two on a machine of its own
