"""News-like text and annotations, always the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Annotation, Coder, Document, DocumentData, Fragment
from annotator.domain.text import digest

_WORDS = [
    "minister",
    "statement",
    "agreement",
    "talks",
    "officials",
    "border",
    "security",
    "government",
    "president",
    "according",
    "spokesman",
    "announced",
    "region",
    "peace",
    "council",
    "meeting",
    "economic",
    "trade",
    "support",
    "policy",
    "military",
    "reported",
    "sources",
    "media",
    "tuesday",
    "paris",
    "joint",
    "coordination",
    "mechanism",
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "that",
    "for",
    "with",
    "on",
    "by",
    "from",
    "said",
    "will",
    "has",
    "have",
    "under",
    "after",
    "during",
    "would",
    "could",
    "new",
    "former",
    "foreign",
    "defence",
    "parliament",
    "election",
    "crisis",
    "market",
    "energy",
    "water",
    "school",
    "hospital",
    "court",
    "police",
]
LAYERS = [layer.id for layer in DEFAULT_CODEBOOK.layers]
CODER = Coder("bench-coder", "Bench")


def article(characters: int, seed: int = 1) -> str:
    """Paragraphs of sentences, about this long."""
    rng = random.Random(seed)
    paragraphs: list[str] = []
    length = 0
    while length < characters:
        sentences = []
        for _ in range(rng.randint(2, 6)):
            words = [rng.choice(_WORDS) for _ in range(rng.randint(8, 28))]
            sentences.append(" ".join(words).capitalize() + ".")
        paragraph = " ".join(sentences)
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return "\n\n".join(paragraphs)[:characters]


def annotations(document_id: str, text: str, count: int, seed: int = 1) -> list[Annotation]:
    """Spread over the text, most short, some long, so that they nest and cross."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        start = rng.randrange(max(1, len(text) - 200))
        layer = rng.randrange(4)
        length = rng.randint(40, 180) if layer == 1 else rng.randint(4, 30)
        end = min(len(text), start + length)
        id_ = f"{document_id}-{number:06}"
        made.append(
            Annotation(
                id_, document_id, LAYERS[layer], CODER.id, (Fragment(start, end),), created="2026-01-06T09:00:00Z"
            )
        )
    return made


def documents(count: int, each: int, characters: int = 1500) -> Iterator[DocumentData]:
    """Documents with `each` annotations."""
    for number in range(count):
        text = f"{number} {article(characters, number)}"
        id_ = f"doc-{number:06}"
        document = Document(
            id_, f"Article {number} on the talks", digest(text), "new", {"outlet": "Wire", "date": "2026-01-06"}, number
        )
        yield DocumentData(document, text, tuple(annotations(id_, text, each, number)))
