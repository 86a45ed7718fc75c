"""Names and aliases of the registries where they stand in a text: an Aho-Corasick automaton over plain forms.

What counts as the name, in the words of a reader:

- Accents, vowel signs, tatweel and kinds of hyphen and apostrophe make no difference; capitals of the name must be
  capitals in the text, other letters may be either. A name all in small letters is looked for where it has two words.
- A name ends where its word ends; what follows an apostrophe or a hyphen is not part of it (Syria’s, US-led).
- In Arabic and Hebrew a name may follow the particles that are written together with it. They stay outside, but for the
  article, which belongs to its noun: وبسوريا gives سوريا, بالحكومة gives الحكومة.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from annotator.domain.folding import Plain, lower, plain
from annotator.domain.model import Entry

_ARABIC, _HEBREW = re.compile("[\u0621-\u064a\u066e-\u06d3]"), re.compile("[\u05d0-\u05ea]")
_ARABIC_PARTICLES = re.compile("[وف]?(?:[بكلس]?(ال)?|ل(ل))")
_HEBREW_PARTICLES = re.compile("ו?(?:כש|מש|ש)?[בלמכ]?(ה)?")
_LONGEST_PARTICLES = 5
_FEW = 500
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_PRONOUNS = frozenset(
    word
    for words in (
        "i me my we us our you your he him his she her hers it its they them their theirs who whom whose this that these",
        "those one some many all both others",
        "هو هي هم هما هن نحن انا انت هذا هذه ذلك تلك",
        "הוא היא הם הן אני אנחנו אתה את זה זאת",
    )
    for word in words.split()
)


class Match(NamedTuple):
    """A name in a text (code points), and the entry that it means."""

    start: int
    end: int
    entry_id: str
    registry_id: str


class _Name(NamedTuple):
    alias: bool
    """Names go before aliases, the older entry before the newer: they sort like this."""
    entry_id: str
    registry_id: str
    form: str
    """Plain, its case kept."""
    shift: int
    """Characters at the beginning of what is looked for that are not part of the name."""


class NameIndex:
    """The names of all entries. It is patched when entries change, and put in order when a text is looked through."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._lock = threading.Lock()
        self._automaton = ahocorasick.Automaton()
        self._names: dict[str, list[_Name]] = {}
        self._keys: dict[str, list[str]] = {}
        self._pending: dict[str, Entry | None] = {}
        for entry in entries:
            self._pending[entry.id] = entry

    @property
    def ready(self) -> bool:
        """Whether little is left to be put in order."""
        return len(self._pending) < _FEW

    def follow(self, entries: Mapping[str, Entry | None]) -> None:
        """These entries are like this now; None for those that are gone. Costs nothing: the work is done when it is due."""
        self._pending.update(entries)

    def matches(
        self,
        text: str,
        registries: Collection[str],
        never: Collection[tuple[str, str]] = (),
    ) -> list[Match]:
        """Where names of entries of these registries stand, without overlaps, the longest first at each place.

        `never`: pairs of an entry and a key (see `key_of`) that are not to be found.
        """
        with self._lock:
            self._take_over()
            if self._automaton.kind != ahocorasick.AHOCORASICK:
                return []
            form = _plain(text)
            return list(_chosen(self._found(form.text, lower(form.text), registries, never), form))

    def _found(
        self, text: str, small: str, registries: Collection[str], never: Collection[tuple[str, str]]
    ) -> dict[int, tuple[int, _Name]]:
        """Where names start, with the end of the longest that starts there."""
        found: dict[int, tuple[int, _Name]] = {}
        names, size, simple = self._names, len(small), small.isascii()
        for last, key in self._automaton.iter(small):
            # Most of what is found are letters within a word: that is seen first, and quickly.
            end = last + 1
            begin = end - len(key)
            if end < size and small[end].isalnum() and (simple or not _ends(small, end)):
                continue
            if simple and begin and small[begin - 1].isalnum():
                continue
            if small[end : end + 1] == "'" and not _ends(small, end):
                continue
            for name in names[key]:
                free = not name.shift and (begin == 0 or small[begin - 1] == " ")
                start = begin if free else _begins(small, begin, name.shift)
                if start is None or name.registry_id not in registries:
                    continue
                if name.form != text[begin + name.shift : end] and not _case_fits(name, text[begin + name.shift : end]):
                    continue
                if never and (name.entry_id, key_of(name.form)) in never:
                    continue
                known = found.get(start)
                if known is None or known[0] < end:
                    found[start] = end, name
                break
        return found

    def _take_over(self) -> None:
        """Bring the automaton up to what is pending."""
        changed = False
        while self._pending:
            try:
                entry_id, entry = self._pending.popitem()
            except KeyError:
                break  # another thread was quicker
            for key in self._keys.pop(entry_id, ()):
                rest = [name for name in self._names[key] if name.entry_id != entry_id]
                if rest:
                    self._names[key] = rest
                else:
                    del self._names[key]
                    self._automaton.remove_word(key)
                changed = True
            if entry is not None and self._put(entry):
                changed = True
        if changed and self._names:
            self._automaton.make_automaton()
        elif changed:
            self._automaton = ahocorasick.Automaton()

    def _put(self, entry: Entry) -> bool:
        keys: list[str] = []
        for alias, name in enumerate((entry.name, *entry.aliases)):
            if not is_usable(name):
                continue
            form = _form(name)
            ways = [(lower(form), 0)]
            if form.startswith("ال") and len(form) > 4:
                ways.append(("لل" + form[2:], 1))  # ل and ال make لل: the article's alef goes
            for key, shift in ways:
                names = self._names.setdefault(key, [])
                if not names:
                    self._automaton.add_word(key, key)
                names.append(_Name(alias > 0, entry.id, entry.registry_id, form if not shift else form[1:], shift))
                names.sort()
                keys.append(key)
        if keys:
            self._keys[entry.id] = list(dict.fromkeys(keys))
        return bool(keys)


def key_of(name: str) -> str:
    """The form under which a name is remembered as one that is not to be proposed."""
    form = lower(_form(name))
    return form[1:] if form.startswith("ال") else form


def is_usable(name: str) -> bool:
    """Whether a name is worth looking for: not a letter, a pronoun, or one common word."""
    form = _form(name)
    letters = [char for char in form if char.isalnum()]
    if len(letters) < 2 or (lower(form) in _PRONOUNS and not form.isupper()):
        return False
    if any(char.lower() != char.upper() for char in letters):
        if len(letters) == 2:
            return form.upper() == form
        return lower(form) != form or (" " in form and len(letters) > 6)
    return len(letters) > 2 or bool(_SPACELESS.match(form))


def _form(name: str) -> str:
    return plain(" ".join(name.split()))


_plain = lru_cache(maxsize=4)(Plain)


def _chosen(found: Mapping[int, tuple[int, _Name]], form: Plain) -> Iterator[Match]:
    free_from = 0
    for start in sorted(found):
        if start >= free_from:
            end, name = found[start]
            free_from = end
            yield Match(*form.original(start, end), name.entry_id, name.registry_id)


def _ends(text: str, end: int) -> bool:
    """Whether a word may end here."""
    after = text[end : end + 1]
    if not after:
        return True
    if after.isalnum():
        return bool(_SPACELESS.match(after) or _SPACELESS.match(text[end - 1]))
    return not (after == "'" and text[end + 1 : end + 2] == "t" and not text[end + 2 : end + 3].isalnum())  # don't


def _begins(text: str, begin: int, shift: int) -> int | None:
    """Where a name that was found at `begin` starts for a reader; None where it stands within a word."""
    start = begin + shift
    before = text[begin - 1] if begin else " "
    if not before.isalnum():
        if before == "'" and begin > 1 and text[begin - 2] == "o" and not text[begin - 3 : begin - 2].isalnum():
            return None  # O'Brien is no Brien
        return start
    first = text[begin]
    if _SPACELESS.match(first) or _SPACELESS.match(before):
        return start
    particles = _ARABIC_PARTICLES if _ARABIC.match(first) else _HEBREW_PARTICLES if _HEBREW.match(first) else None
    if particles is None:
        return None
    edge = begin
    while edge > 0 and begin - edge <= _LONGEST_PARTICLES and text[edge - 1].isalnum():
        edge -= 1
    attached = particles.fullmatch(text, edge, begin)
    if attached is None:
        return None
    if shift:  # the ل of لل is the particle already
        return start if text[edge:begin] in ("و", "ف") else None
    article = attached.lastindex  # ال, ה, or the second ل of لل
    return attached.start(article) if article else start


def _case_fits(name: _Name, found: str) -> bool:
    """Whether every capital of the name is one in the text; what is found in capitals throughout is long enough."""
    form = name.form
    small = [at for at, (char, other) in enumerate(zip(form, found, strict=False)) if char.isupper() > other.isupper()]
    # Its first letter may be small where another is not: al-Assad in the middle of a sentence, Al-Assad at its beginning.
    if small and not (small == [0] and any(map(str.isupper, found))):
        return False
    return not (found.isupper() and not form.isupper() and len(found) < 4)
