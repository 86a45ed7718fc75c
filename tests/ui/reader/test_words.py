from __future__ import annotations

import pytest

from annotator.ui.reader import words

ARTICLE = (
    "For his part, a Syrian official stated that the U.S. initiative “ensures the cessation” of all activities, "
    "noting that it's new. Mr. Smith (the envoy) agreed.\n\n\n\nThe next paragraph."
)


def grown(text: str, at: int) -> list[str]:
    stretch = at, at
    steps = []
    while (wider := words.wider(text, *stretch)) != stretch:
        stretch = wider
        steps.append(text[stretch[0] : stretch[1]])
    return steps


def test_widening_goes_from_word_to_quotation_to_phrase_to_sentence_to_paragraph() -> None:
    steps = grown(ARTICLE, ARTICLE.index("cessation") + 2)
    assert steps == [
        "cessation",
        "ensures the cessation",
        "“ensures the cessation”",
        "a Syrian official stated that the U.S. initiative “ensures the cessation” of all activities",
        ARTICLE[: ARTICLE.index(" Mr.")],
        ARTICLE[: ARTICLE.index("\n")],
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    at = ARTICLE.index("Smith")
    assert ARTICLE[slice(*words.sentence(ARTICLE, at, at))] == "Mr. Smith (the envoy) agreed."


def test_the_word_at_a_place_is_the_one_it_touches() -> None:
    text = "one two's, three"
    assert [text[slice(*words.word(text, at))] for at in (0, 2, 3, 4, 9, 12)] == [
        "one",
        "one",
        "one",
        "two's",
        "two's",
        "three",
    ]
    assert words.word("  ", 1) == (1, 1)
    assert words.word("", 0) == (0, 0)


def test_words_of_other_scripts() -> None:
    text = "وقال مسؤول سوري إن"
    assert text[slice(*words.word(text, 7))] == "مسؤول"
    assert "سوري" in grown(text, text.index("سوري") + 1)[0]


@pytest.mark.parametrize(
    ("text", "start", "end", "snapped"),
    [
        ("a👩🏽‍💻b", 2, 3, (1, 5)),
        ("cafe\u0301!", 4, 5, (3, 5)),
        ("🇸🇾🇮🇱", 1, 3, (0, 4)),
        ("🇸🇾🇮🇱", 2, 4, (2, 4)),
        ("plain", 1, 3, (1, 3)),
        ("x", -4, 99, (0, 1)),
        ("", 0, 0, (0, 0)),
        ("สวัสดี", 2, 3, (1, 3)),
    ],
)
def test_selections_snap_to_whole_clusters(text: str, start: int, end: int, snapped: tuple[int, int]) -> None:
    assert words.snap(text, start, end) == snapped


def test_a_tag_has_no_white_space_around_it() -> None:
    assert words.as_fragment("a  word \n", 1, 9) == ((3, 7),)
    assert words.as_fragment("a \u00a0\n", 1, 4) == ()


def test_a_straight_quotation_mark_opens_where_an_odd_number_went_before() -> None:
    text = 'He said "one thing" and "another thing" too.'
    assert "another thing" in grown(text, text.index("another"))
    assert grown(text, text.index("and"))[:2] == ["and", text[:-1]]
