"""Documents that come without their texts: each takes the text that has its hash, and goes to the document that has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from annotator.domain.errors import Conflict, FileRefused
from annotator.domain.exchange import Remark
from annotator.domain.extract import SHORTENED, shortened
from annotator.domain.invariants import shown
from annotator.domain.model import Document, DocumentData, Entry, covered
from annotator.domain.names import name_of, tidy


class Textless:
    """What is known, in one import, of documents without texts."""

    def __init__(self) -> None:
        self.came: set[str] = set()
        """The documents that this import brought."""
        self.attached: set[str] = set()
        """The files of which a document found its text."""
        self._missing: Counter[str] = Counter()

    def missing(self, source: str, document: Document) -> Remark:
        """A document whose text is nowhere; returns a line for the report."""
        self._missing[source] += 1
        told = f"its text is not in the project (SHA-256 {document.sha256[:12]}…); import the article too"
        return Remark("skipped", f"{source}, {shown(document.title)}", told)

    def refuse_where_all_are_missing(self) -> None:
        """A file of which nothing found its text is not imported at all. Raises FileRefused."""
        for source, count in self._missing.items():
            if source not in self.attached:
                what = "its one text" if count == 1 else f"none of its {count:,} texts"
                verb = "is not" if count == 1 else "is"
                raise FileRefused(
                    f"{source} was not imported: it comes without texts, and {what} {verb} in the project or among "
                    "these files; import the articles too."
                )


def same_name(known: Entry, given: Entry) -> bool:
    """Whether they are the same but for words of the text that stand shortened in the name."""
    ours, theirs = (known.name, *known.aliases), (given.name, *given.aliases)
    return (
        len(ours) == len(theirs)
        and all(their in (our, shortened(our)) for our, their in zip(ours, theirs, strict=True))
        and replace(known, name=given.name, aliases=given.aliases, origin="") == replace(given, origin="")
    )


def fitting(data: DocumentData, text: str, source: str) -> DocumentData:
    """With its text. Raises Conflict where that is of another length than the file says."""
    if len(text) != data.length:
        raise Conflict(
            f"{source} was not imported: it says that {shown(data.document.title)} has {data.length:,} characters, "
            f"but the text with its hash has {len(text):,}."
        )
    return replace(data, text=text, length=None)


def moved(data: DocumentData, twin: Document, *, bare: bool) -> DocumentData:
    """For the document that has the text under another id. One that nobody has coded yet takes on what the file says."""
    given = data.document
    if bare:
        document = replace(twin, title=given.title, status=given.status, metadata={**twin.metadata, **given.metadata})
    else:
        document = replace(twin, metadata={**given.metadata, **twin.metadata})
    return replace(
        data,
        document=document,
        annotations=tuple(replace(annotation, document_id=twin.id) for annotation in data.annotations),
        links=tuple(replace(link, document_id=twin.id) for link in data.links),
    )


def restored(data: DocumentData, entries: Mapping[str, Entry]) -> list[Entry]:
    """Entries whose names were shortened because they were words of the text, with these words again."""
    found: dict[str, Entry] = {}
    for annotation in data.annotations:
        for id_ in annotation.entries:
            entry = entries.get(id_)
            if entry is None or id_ in found or not entry.name.endswith(SHORTENED):
                continue
            words = covered(data.text, annotation.fragments, " ")
            name = next((name for name in (tidy(words), name_of(words)) if shortened(name) == entry.name), None)
            if name is not None:
                found[id_] = replace(entry, name=name)
    return list(found.values())
