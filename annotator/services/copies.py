"""Where the very same text ran besides: kept with the article that is coded, so that a story counts as often as it ran."""

from __future__ import annotations

from dataclasses import replace

from annotator.domain.codebook import Codebook
from annotator.domain.model import Document

ALSO_RAN = "also ran"
"""The metadata key for where else the very same text ran: outlet and date, one line each."""


def with_copy(twin: Document, copy: Document, codebook: Codebook) -> Document | None:
    """The article with a line for its copy; nothing where there is nothing to tell, or no place for it."""
    told, own = (_ran(each) for each in (copy, twin))
    known = twin.metadata.get(ALSO_RAN, [])
    if not told or told == own or not isinstance(known, list) or told in known:
        return None
    if any(field.name == ALSO_RAN for field in codebook.document_fields):
        return None
    return replace(twin, metadata={**twin.metadata, ALSO_RAN: [*known, told]})


def _ran(document: Document) -> str:
    told = (document.metadata.get(key) for key in ("outlet", "date"))
    return ", ".join(str(value) for value in told if value)
