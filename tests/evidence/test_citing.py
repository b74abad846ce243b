"""A quote in the forms it leaves the site in."""

import pytest

from apps.evidence.citing import Citation, at_the_words, html, letters, markdown, plain, social, weighed

CITED = Citation(
    words="The law *must* catch up <now>.",
    speaker="Andy Burrows",
    post="Head of Policy",
    organisation="NSPCC",
    day="3 September 2020",
    source="Police figures (NSPCC)",
    published="4 September 2020",
    url="https://example.org/a(b)?x=1&y=2",
)


def test_plain_has_the_citation() -> None:
    assert plain(CITED) == (
        "“The law *must* catch up <now>.”\n"
        "— Andy Burrows, Head of Policy, NSPCC, 3 September 2020\n"
        "Source: Police figures (NSPCC), 4 September 2020 https://example.org/a(b)?x=1&y=2"
    )


def test_markdown_shows_the_words_as_they_are() -> None:
    assert markdown(CITED) == (
        "> “The law \\*must\\* catch up \\<now\\>.”\n>\n"
        "> — Andy Burrows, Head of Policy, NSPCC, 3 September 2020. "
        "[Police figures (NSPCC), 4 September 2020](https://example.org/a%28b%29?x=1&y=2)"
    )


def test_html_is_escaped() -> None:
    assert html(CITED) == (
        '<blockquote cite="https://example.org/a(b)?x=1&amp;y=2">\n'
        "<p>“The law *must* catch up &lt;now&gt;.”</p>\n"
        "<footer>— Andy Burrows, Head of Policy, NSPCC, 3 September 2020. "
        '<a href="https://example.org/a(b)?x=1&amp;y=2">Police figures (NSPCC), 4 September 2020</a>'
        "</footer>\n"
        "</blockquote>"
    )


@pytest.mark.parametrize("form", [plain, markdown, html, social])
def test_an_embargo_comes_first(form: object) -> None:
    held = Citation(words="Soon.", speaker="Ann", embargo="EMBARGOED until 00:01")
    assert "EMBARGOED until 00:01" in form(held).split("\n")[0]  # type: ignore[operator]


def test_what_is_not_known_leaves_nothing_behind() -> None:
    bare = Citation(words="Soon.", speaker="NSPCC", organisation="NSPCC")
    assert plain(bare) == "“Soon.”\n— NSPCC"
    assert social(bare) == "“Soon.”\n— NSPCC"


@pytest.mark.parametrize(
    ("text", "x", "bluesky"),
    [
        ("abc", 3, 3),
        ("“a”", 3, 3),
        ("漢字", 4, 2),
        ("é", 1, 1),
        ("e\u0301", 1, 1),
        ("👩‍👩‍👧", 2, 1),
        ("👍🏽", 2, 1),
        ("🇬🇧", 2, 1),
        ("see https://example.org/a/very/long/address/indeed", 27, 50),
    ],
)
def test_lengths_are_those_the_platforms_count(text: str, x: int, bluesky: int) -> None:
    assert (weighed(text), letters(text)) == (x, bluesky)


@pytest.mark.parametrize(
    ("url", "words", "address"),
    [
        ("", "Now.", ""),
        ("https://a.org/p", "Act now, re-act", "https://a.org/p#:~:text=Act%20now%2C%20re%2Dact"),
        ("https://a.org/p#top", "Act", "https://a.org/p#top:~:text=Act"),
        (
            "https://a.org/p",
            "one two three four five six seven eight nine ten eleven",
            "https://a.org/p#:~:text=one%20two%20three%20four%20five,seven%20eight%20nine%20ten%20eleven",
        ),
    ],
)
def test_a_link_goes_straight_to_the_words(url: str, words: str, address: str) -> None:
    assert at_the_words(url, words) == address
