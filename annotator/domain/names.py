"""Names as people write them in articles: how two are compared, and what a new entry is called."""

from __future__ import annotations

import re
import unicodedata

from annotator.domain.errors import InvalidValue

WIKIDATA = "wikidata"
"""The field that holds the id of the same thing in Wikidata."""
_ITEM = re.compile(r"(?:^|[/:])([Qq][1-9][0-9]*)$")

_SPACE = re.compile(r"\s+")
_POSSESSIVE = re.compile(r"['’]s?$")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+(?=\S)", re.IGNORECASE)
_PUNCTUATION = ".,;:!?،؛؟…–—- \t\n"
_OPENING, _CLOSING = "\"'“‘„‚«‹([{", "\"'”’“‘»›)]}"


def tidy(text: str) -> str:
    """White space collapsed; punctuation and the quotation marks around it gone, and one that has no other half.

    The text itself where nothing would stay.
    """
    plain = _SPACE.sub(" ", text).strip()
    inner = plain.strip(_PUNCTUATION)
    while inner:
        head, tail = inner[0] in _OPENING, inner[-1] in _CLOSING
        if head and tail and len(inner) > 1 and not any(mark in inner[1:-1] for mark in _OPENING[:1] + "“”«»"):
            inner = inner[1:-1].strip(_PUNCTUATION)
        elif head and not any(mark in inner[1:] for mark in _CLOSING):
            inner = inner[1:].strip(_PUNCTUATION)
        elif tail and not any(mark in inner[:-1] for mark in _OPENING):
            inner = inner[:-1].strip(_PUNCTUATION)
        else:
            break
    return inner or plain


def name_of(text: str) -> str:
    """What an entry made from a tagged stretch is called: “the United States” gives “United States”, “Syria's” “Syria”."""
    plain = tidy(text)
    return _ARTICLE.sub("", _POSSESSIVE.sub("", plain)) or plain


def wikidata_id(text: str) -> str:
    """An id of Wikidata as Q30, also from the address of its page. Raises InvalidValue. Nothing is looked up."""
    found = _ITEM.search(text.strip())
    if found is None:
        raise InvalidValue("A Wikidata id is a Q and a number, as in Q30.")
    return found[1].upper()


def fold(text: str) -> str:
    """The form in which names and aliases are compared: without case, article, possessive and compatibility forms."""
    plain = name_of(text)
    if plain.isascii():
        return plain.lower()
    # Arabic short vowels, tatweel and bidi marks do not make another name.
    return "".join(
        c
        for c in unicodedata.normalize("NFKC", plain).casefold()
        if unicodedata.category(c) not in ("Mn", "Cf") and c != "ـ"
    )
