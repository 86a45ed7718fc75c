"""What exports of news databases have in common: labels before values, and articles one after another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.interchange.articles import Article, clean_value, document

_BY = re.compile(r"(?:by|von|par|por|di|door|av|af)\s*:?\s+(?=\S)", re.IGNORECASE)
_WORDS = re.compile(r"\s*(\d[\d.,\u202f\u00a0]*)\s*\S*\s*")


def author_of(byline: str) -> str:
    """A byline without its “By”; names in capitals are kept as they are written."""
    return _BY.sub("", clean_value(byline), count=1).rstrip(" ;,")


def length_of(value: str) -> FieldValue:
    """“1,234 words” as a number."""
    match = _WORDS.fullmatch(value)
    digits = re.sub(r"\D", "", match[1]) if match else ""
    return int(digits) if digits and len(digits) < 9 else clean_value(value)


def items(path: Path, articles: Iterable[Article], reading: Reading, total: int) -> Iterator[Item]:
    """The documents of the articles; one without a text is left out, with a word."""
    yield Header()
    taken = 0
    for number, article in enumerate(articles, 1):
        reading.tick(number, max(total, number))
        if not article.text.strip():
            name = f"“{clean_value(article.title)[:60]}”" if article.title else f"article {number}"
            yield Remark("skipped", f"{path}, article {number}", f"{name} has no text, only a head")
            continue
        made, remarks = document(path, article, reading.options, many=True)
        yield from remarks if taken == 0 else ()
        taken += 1
        yield made
    if not taken:
        raise FileRefused(f"{path} was not read: no article could be found in it.")
