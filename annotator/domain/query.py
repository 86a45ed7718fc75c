"""The language of the search: words with filters among them, as `claim by:"United States" sanction*`.

A filter is `key:value` (or `key=value`), with quotation marks around what has spaces; `-` before it turns it round. What
is no filter is what the texts are searched for. A first word that names a layer or a link type, before a filter, says
what is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

Mode = Literal["words", "text", "regex"]
"""Words of the index; these very characters anywhere; a regular expression."""
MODES: tuple[str, ...] = get_args(Mode)

_QUOTES = str.maketrans("“”„", '"""')
_FILTER = re.compile(r'(-?)(?:"([^"]+)"|([^\W\d_][\w.-]*))[:=](?!//)(?:"([^"]*)"|([^\s"()]+))(?=\s|$)')
_EXPRESSION = re.compile(r"/((?:[^/\\]|\\.)+)/(?=\s|$)")
_PHRASE = re.compile(r'"[^"]*"?')
_WORD = re.compile(r"\S+")
_OPERATORS = frozenset(("AND", "OR", "NOT", "NEAR"))


@dataclass(frozen=True, slots=True)
class Filter:
    """One `key:value`. `negated`: what does not fit it."""

    key: str
    value: str
    negated: bool = False

    def __str__(self) -> str:
        key = self.key if re.fullmatch(r"[^\W\d_][\w.-]*", self.key) else f'"{self.key}"'
        value = self.value if re.fullmatch(r'[^\s"()]+', self.value) else f'"{self.value}"'
        return f"{'-' if self.negated else ''}{key}:{value}"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. `exact`: case and accents count. `whole`: no parts of words."""

    words: str = ""
    mode: Mode = "words"
    exact: bool = False
    whole: bool = False
    thing: str = ""
    filters: tuple[Filter, ...] = ()


def parse(
    line: str,
    mode: Mode = "words",
    *,
    exact: bool = False,
    whole: bool = False,
    is_key: Callable[[str], bool] = lambda _key: True,
    is_thing: Callable[[str], bool] = lambda _word: False,
) -> Query:
    """Take a line apart. In a regular expression and in plain text only known keys make a filter."""
    line = line.translate(_QUOTES) if mode == "words" else line
    query = Query("", mode, exact, whole)
    filters: list[Filter] = []
    kept: list[str] = []
    at, bare = 0, True
    while at < len(line):
        if line[at].isspace():
            kept.append(line[at])
            at += 1
            bare = True
            continue
        found = _FILTER.match(line, at) if bare else None
        if found and (mode == "words" or is_key((found[2] or found[3]).casefold())):
            value = found[4] if found[4] is not None else found[5]
            first = len(filters) == 0 and "".join(kept).strip()
            if first and not query.thing and is_thing(first.casefold()):
                query = replace(query, thing=first.casefold())
                kept.clear()
            filters.append(Filter((found[2] or found[3]).strip(), value, bool(found[1])))
            at = found.end()
            continue
        expression = _EXPRESSION.match(line, at) if mode == "words" and bare else None
        if expression and not "".join(kept).strip():
            query = replace(query, mode="regex")
            kept = [expression[1]]
            at, mode = expression.end(), "regex"
            continue
        part = (_PHRASE if line[at] == '"' and mode == "words" else _WORD).match(line, at)
        assert part is not None
        text = part[0]
        if mode == "words" and '"' in text[1:] and not text.startswith('"'):
            text = text[: text.index('"', 1)]  # a phrase that follows without a space
        kept.append(text)
        at += len(text)
        bare = False
    return replace(query, words="".join(kept).strip(), filters=tuple(filters))


def terms(words: str) -> list[tuple[str, bool]]:
    """The words of a full-text query without its operators, each with whether only its beginning is given."""
    found = []
    for match in re.finditer(r"(\w+)(\*?)", words):
        if match[1] not in _OPERATORS:
            found.append((match[1], bool(match[2])))
    return found


def compose(query: Query) -> str:
    """A line that `parse` reads as this query, in words; what is looked for and the filters first."""
    words = f"/{query.words}/" if query.mode == "regex" and query.words else query.words
    filters = " ".join(map(str, query.filters))
    thing = query.thing if query.filters else ""
    return " ".join(part for part in (thing, filters, words) if part)
