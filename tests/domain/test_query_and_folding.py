"""The language of the search, and texts without what writers add or leave out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.folding import Plain, lower, pattern_for, plain
from annotator.domain.query import Filter, parse


def _read(line: str, **options: object) -> tuple[str, str, str, list[str]]:
    query = parse(line, is_thing=lambda word: word in ("claim", "source"), **options)  # type: ignore[arg-type]
    return query.thing, query.words, query.mode, [str(each) for each in query.filters]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("sanction* AND talks", ("", "sanction* AND talks", "words", [])),
        ('claim by:"United States" sanction*', ("claim", "sanction*", "words", ['by:"United States"'])),
        ("claim by:“United States”", ("claim", "", "words", ['by:"United States"'])),
        ("source identity=anonymous", ("source", "", "words", ["identity:anonymous"])),
        ('"peace talks" -status:done title:x', ("", '"peace talks"', "words", ["-status:done", "title:x"])),
        ("claim against", ("", "claim against", "words", [])),
        ("the claim by:X", ("", "the claim", "words", ["by:X"])),
        ("/sanction(s|ed) \\d+/ from:2026", ("", "sanction(s|ed) \\d+", "regex", ["from:2026"])),
        ("http://a.b 10:30 NEAR(a b)", ("", "http://a.b 10:30 NEAR(a b)", "words", [])),
        ('NEAR("a:b" c, 5)', ("", 'NEAR("a:b" c, 5)', "words", [])),
        ('"claim type":policy', ("", "", "words", ['"claim type":policy'])),
        ("سوريا status:new", ("", "سوريا", "words", ["status:new"])),
    ],
)
def test_lines_are_taken_apart(line: str, expected: tuple[str, str, str, list[str]]) -> None:
    assert _read(line) == expected


def test_an_expression_keeps_what_is_no_known_key() -> None:
    known = {"status"}
    expected = ("", "date:\\d+  x", "regex", ["status:new"])
    assert _read("date:\\d+  x status:new", mode="regex", is_key=known.__contains__) == expected


@given(st.text(), st.text(), st.booleans())
def test_a_filter_reads_back_as_it_was(key: str, value: str, negated: bool) -> None:
    key, value = key.replace('"', "").strip(), value.replace('"', "")
    if key and not set("“”„") & set(key + value):
        made = Filter(key, value, negated)
        assert parse(str(made)).filters in ((made,), ()) or value.startswith("//")
        if value.split() and not value.startswith("//"):
            assert parse(str(made)).filters == (made,)


@given(st.text())
def test_any_line_can_be_read(line: str) -> None:
    for mode in ("words", "text", "regex"):
        parse(line, mode, is_thing=lambda _word: True)  # type: ignore[arg-type]


# Plain forms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller’s", "Muller's"),
        ("e\u0301tat", "etat"),
        ("أمريكا إنّ آمن ٱسم", "امريكا ان امن اسم"),
        ("سُورِيَا وسـوريا", "سوريا وسوريا"),
        ("שָׁלוֹם בתל־אביב", "שלום בתל-אביב"),
        ("की 한국 ß", "की 한국 ß"),
        ("İstanbul", "Istanbul"),
    ],
)
def test_plain_forms(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(alphabet=st.sampled_from("aeé\u0301ßİ’- \n\u200fسُـأ한की𝐀"), min_size=1, max_size=30))
def test_every_stretch_of_the_plain_form_leads_back(text: str) -> None:
    form = Plain(text)
    assert len(lower(form.text)) == len(form.text)
    for start in range(len(form.text)):
        for end in range(start + 1, len(form.text) + 1):
            first, last = form.original(start, end)
            assert plain(text[first:last]) == form.text[start:end]
            assert form.place(first) == start


@given(st.text(alphabet=st.sampled_from("aé\u0301 سُأ.*[")))
def test_a_pattern_finds_what_it_was_made_of(text: str) -> None:
    words = " ".join(text.split())
    if plain(words).strip():
        assert re.search(pattern_for(words), text)
        assert re.search(pattern_for(words, exact=True), text)
        assert re.search(pattern_for(plain(words)), words)
