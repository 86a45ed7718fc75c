"""Entries that may be one and the same: by their names and aliases, their Wikidata id, and for claims by their words.

Names are compared only where something rare brings them together (a word, a beginning, the consonants), so that
thousands of entries take a second, not a minute. Nothing here changes anything: a person judges.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Literal

from rapidfuzz import fuzz, process

from annotator.domain.model import Apart, Entry
from annotator.domain.names import WIKIDATA, fold

Reason = Literal["same name", "same id", "initials", "part of the name", "similar names", "similar words"]

_ALIKE = 88.0
_LEAST = 78.0
"""For names of the same consonants."""
_KIN = 4.0
"""What a shared parent adds."""
_OTHER_KIND = 12.0
"""What another kind takes away."""
_SHORT = 5  # letters: shorter names are alike by chance
_MOST_IN_BLOCK = 40
_MOST_CLAIMS = 60
_CLAIM_ALIKE = 82.0
_LONGEST = 300  # letters of a proposition that are compared

_STOP = frozenset("the a an of and for in on to de la le der die das und al el".split())  # noqa: SIM905
_FUNCTION = _STOP | frozenset(
    "is are was were be been has have had will would that this its it by with as at from or than their his her "  # noqa: SIM905
    "in على في من إلى ان أن".split()
)
_NEGATION = frozenset(
    "not no never without nicht kein keine ne pas ni لا لم لن ليس ليست غير לא אין בלי "  # noqa: SIM905
    "cannot isnt wasnt doesnt didnt wont".split()
)
# Letters of Arabic and Hebrew that are written one for the other, and final forms.
_VARIANTS = str.maketrans("أإآٱىةؤئךםןףץگک", "اااايهويכמנפצكك")
_WORD = re.compile(r"\w+")
_WEAK = re.compile(r"[aeiouyhw]|(.)(?=\1)")
_CAPITALS = re.compile(r"(?:[^\W\d_]\.?){2,6}")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one. `score` is how sure that is, 0 to 100."""

    first: str
    second: str
    score: float
    reason: Reason


@lru_cache(maxsize=40_000)
def form(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and letters that are written one for the other."""
    plain = fold(name)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if unicodedata.category(c) != "Mn")
        plain = plain.translate(_VARIANTS)
    return " ".join(_WORD.findall(plain.replace("'", "").replace("’", "")))


def likely(
    entries: Sequence[Entry],
    apart: Collection[Apart] = (),
    *,
    claims: bool = False,
    check: Callable[[], object] | None = None,
) -> list[Pair]:
    """Pairs of entries of one registry that may be the same, the surest first. `check` may raise, to stop."""
    found = _Found(entries, apart)
    of_names = (_same_ids, _same_names, _initials, _short_names, _similar)
    for step in (_same_ids, _same_names, _similar_claims) if claims else of_names:
        if check is not None:
            check()
        for first, second, score, reason in step(entries):
            found.add(first, second, score, reason)
    return sorted(found.pairs.values(), key=lambda pair: (-pair.score, pair.first, pair.second))


class _Found:
    """Keeps the best reason of each pair, weighed by kin and kind."""

    def __init__(self, entries: Sequence[Entry], apart: Collection[Apart]) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._apart = set(apart)
        self.pairs: dict[Apart, Pair] = {}

    def add(self, first: Entry, second: Entry, score: float, reason: Reason) -> None:
        key = Apart.of(first.id, second.id)
        if first.id == second.id or key in self._apart:
            return
        kin = first.parent_id is not None and first.parent_id == second.parent_id
        over = second.id in (first.parent_id,) or first.id in (second.parent_id,)
        kinds = [entry.fields.get("kind") for entry in (first, second)]
        if kin:
            score += _KIN
        if over or (all(kinds) and kinds[0] != kinds[1]):
            score -= _OTHER_KIND
        least = _CLAIM_ALIKE if reason == "similar words" else _ALIKE
        if score >= least and (key not in self.pairs or score > self.pairs[key].score):
            self.pairs[key] = Pair(key.first, key.second, min(100.0, score), reason)


_Proposal = tuple[Entry, Entry, float, Reason]


def _names(entry: Entry) -> Iterator[str]:
    yield entry.name
    yield from entry.aliases


def _same_ids(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    by_id: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        known = entry.fields.get(WIKIDATA)
        if isinstance(known, str) and known:
            by_id[known.upper()].append(entry)
    for held in by_id.values():
        for first, second in combinations(held[:_MOST_IN_BLOCK], 2):
            yield first, second, 112.0, "same id"


def _same_names(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    """The same name but for case, accents and the order of its words."""
    by_form: defaultdict[str, dict[str, tuple[Entry, bool]]] = defaultdict(dict)
    for entry in entries:
        for name in _names(entry):
            words = form(name).split()
            if words:
                by_form[" ".join(sorted(words))].setdefault(entry.id, (entry, name == entry.name))
    for words_, held in by_form.items():
        for (first, named), (second, named_too) in combinations(list(held.values())[:_MOST_IN_BLOCK], 2):
            # Two people may well share a surname as their alias.
            aliases_only = 94.0 if " " in words_ else 89.0
            yield first, second, 100.0 if named or named_too else aliases_only, "same name"


def _initials(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    """UN and United Nations."""
    spelled: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    short: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        for name in _names(entry):
            words = form(name).split()
            for chosen in (words, [word for word in words if word not in _STOP]):
                if len(chosen) > 1:
                    spelled["".join(word[0] for word in chosen)][entry.id] = entry
            if _CAPITALS.fullmatch(name) and name.upper() == name and name.lower() != name:
                short[form(name).replace(" ", "")][entry.id] = entry
    for initials, held in short.items():
        written = spelled.get(initials, {})
        if len(written) <= 4:
            for first in held.values():
                for second in written.values():
                    yield first, second, 91.0, "initials"


def _short_names(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    """A. Roy and Ada Roy; Roy and Ada Roy, where there is but one Roy."""
    by_last: defaultdict[str, dict[str, list[tuple[Entry, list[str]]]]] = defaultdict(dict)
    for entry in entries:
        for name in _names(entry):
            words = form(name).split()
            # A place in Florida is not Florida, and the University of Sheffield not Sheffield.
            placed = "," in name or any(len(word) > 1 and word in _STOP for word in words)
            if words and len(words) <= 4 and not words[-1].isdigit() and not placed:
                by_last[words[-1]].setdefault(entry.id, []).append((entry, words[:-1]))
    for last, held in by_last.items():
        if not 1 < len(held) <= _MOST_IN_BLOCK:
            continue
        alone = [entry for names in held.values() for entry, given in names if not given]
        full = {entry.id: entry for names in held.values() for entry, given in names if given}
        for one in alone:
            others = [other for other in full.values() if other.id != one.id]
            if len(others) == 1 and len(last) >= _SHORT - 1:
                yield one, others[0], 89.0, "part of the name"
        for first, second in combinations(held.values(), 2):
            if any(_initial_of(a, b) or _initial_of(b, a) for _, a in first for _, b in second):
                yield first[0][0], second[0][0], 93.0, "initials"


def _initial_of(short: list[str], long: list[str]) -> bool:
    """Whether these given names are those, some of them written as a letter."""
    if not short or len(short) > len(long) or not any(len(word) == 1 for word in short):
        return False
    if not any(len(word) > 1 for word in long):
        return False
    return all(a == b or (len(a) == 1 and b.startswith(a)) for a, b in zip(short, long, strict=False))


def _similar(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    """Spelled a little otherwise."""
    forms: list[str] = []
    owners: list[Entry] = []
    for entry in entries:
        for name in _names(entry):
            text = form(name)
            if len(text) >= _SHORT:
                forms.append(text)
                owners.append(entry)
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(forms):
        whole = text.replace(" ", "")
        keys = {f"w{word}" for word in text.split() if len(word) > 2 and word not in _STOP}
        keys.add(f"p{whole[:5]}")
        keys.add(f"e{whole[-5:]}")
        keys.add(f"c{_bones(whole)[:6]}")
        for key in keys:
            blocks[key].append(at)
    compared: set[tuple[int, int]] = set()
    for held in blocks.values():
        if 1 < len(held) <= _MOST_IN_BLOCK:
            for pair in combinations(held, 2):
                if pair in compared:
                    continue
                compared.add(pair)
                one, other = pair
                if owners[one] is owners[other]:
                    continue
                score = _spelling(forms[one], forms[other])
                if score and _same_numbers(forms[one], forms[other]) and _not_one_word_apart(forms[one], forms[other]):
                    yield owners[one], owners[other], score, "similar names"


def _bones(text: str) -> str:
    """The consonants: what stays the same however a name is brought from one script to another."""
    return _WEAK.sub("", text)


def _spelling(one: str, other: str) -> float:
    """How alike two names are written; 0 where not alike enough to matter."""
    score = fuzz.ratio(one, other, score_cutoff=_LEAST)
    if _LEAST <= score < _ALIKE and _bones(one) == _bones(other):
        return _ALIKE
    return score if score >= _ALIKE - _KIN else 0.0


def _not_one_word_apart(one: str, other: str) -> bool:
    """Whether what differs is spelling: North Ossetia is not South Ossetia, and PlayStation VR is not PlayStation."""
    first, second = one.split(), other.split()
    if len(first) != len(second):
        more = [word for word in set(first) ^ set(second) if len(word) > 1]
        return not (more and (set(first) < set(second) or set(second) < set(first)))
    return all(
        a == b or fuzz.ratio(a, b) >= (72 if max(len(a), len(b)) > _SHORT else 79)
        for a, b in zip(first, second, strict=True)
    )


def _same_numbers(one: str, other: str) -> bool:
    return [w for w in one.split() if w[0].isdigit()] == [w for w in other.split() if w[0].isdigit()]


# Claims


def _words(text: str) -> list[str]:
    return [word for word in form(text[:_LONGEST]).split() if word not in _FUNCTION]


def _similar_claims(entries: Sequence[Entry]) -> Iterator[_Proposal]:
    texts = [" ".join(_words(entry.name)) for entry in entries]
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for word in set(text.split()):
            blocks[word].append(at)
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    for held in blocks.values():
        if 1 < len(held) <= _MOST_CLAIMS:
            for pair in combinations(held, 2):
                shared[pair] += 1
    for (one, other), count in shared.items():
        if count > 1:
            score = claim_likeness(texts[one], texts[other])
            if score >= _CLAIM_ALIKE:
                yield entries[one], entries[other], score, "similar words"


def claim_likeness(one: str, other: str) -> float:
    """How alike two propositions are, 0 to 100: 0 where one denies what the other says, or the numbers differ."""
    first, second = set(one.split()), set(other.split())
    if bool(first & _NEGATION) != bool(second & _NEGATION) or not _same_numbers(one, other):
        return 0.0
    if min(len(first), len(second)) < 2:
        return 0.0
    together = fuzz.token_set_ratio(one, other)
    # A proposition that stands in a much longer one is only a part of what that says.
    return together - max(0.0, 30.0 - 33.0 * min(len(first), len(second)) / max(len(first), len(second)))


def same_claims(text: str, known: Mapping[str, str], limit: int = 3) -> list[tuple[str, float]]:
    """Of propositions by id, in the form of `claim_form`, those that may be this one, the likeliest first."""
    wanted = claim_form(text)
    if len(wanted.split()) < 2:
        return []
    close = process.extract(wanted, known, scorer=fuzz.token_set_ratio, score_cutoff=_CLAIM_ALIKE, limit=limit * 4)
    found = [(id_, claim_likeness(wanted, other)) for other, _, id_ in close]
    return sorted(((id_, score) for id_, score in found if score >= _CLAIM_ALIKE), key=lambda pair: -pair[1])[:limit]


def claim_form(text: str) -> str:
    """A proposition as it is compared."""
    return " ".join(_words(text))
