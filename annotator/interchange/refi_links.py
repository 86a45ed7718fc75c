"""The links of a REFI-QDA project: between selections, from memos to selections, and Annotator's own with their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotator.domain.invariants import shown
from annotator.interchange.raw import RawDocument, RawLink, RawMark
from annotator.interchange.refi_codes import FRAGMENT, MEMO_OF_LINK, guid, moment_of, set_name, target
from annotator.interchange.xml_read import local

if TYPE_CHECKING:
    from annotator.interchange.refi_read import RefiReader

_End = tuple[RawDocument, RawMark]


class RefiLinks:
    """Adds links to the documents that a reader has found."""

    def __init__(self, reader: RefiReader) -> None:
        self._reader = reader
        self._ends: dict[str, _End] = reader.of_selection
        self._memos: list[tuple[str, str, str]] = []
        """Our own: the memo that stands for a link, a role, and who stands in it."""

    def read(self, elements: list[Any]) -> None:
        """All `Link` elements."""
        reader = self._reader
        for number, element in enumerate(elements):
            name = set_name(element)
            origin, end = guid(element.get("originGUID", "")), guid(element.get("targetGUID", ""))
            one, other = self._ends.get(origin), self._ends.get(end)
            if reader.own and name == FRAGMENT and one and other and one[0] is other[0]:
                self._goes_on(one, other)
            elif reader.own and reader.memo_name(origin).startswith(MEMO_OF_LINK):
                self._memos.append((origin, name, end))
            elif reader.own and one and other:
                continue  # a picture of what the memos say exactly
            elif one and other and one[0] is other[0]:
                self._between(number, element, name, one, other)
            elif (one or other) and reader.notes.get(end if one else origin):
                self._memo(one or other, reader.notes[end if one else origin])
            else:
                reader.report.add("lost", "", f"the link {shown(name)} ties what is not in one text")
        self._own_links()

    def _between(self, number: int, element: Any, name: str, one: _End, other: _End) -> None:
        reader = self._reader
        notes = [reader.notes.get(target(child), "") for child in element if local(child) == "NoteRef"]
        one[0].links.append(
            RawLink(
                f"link {number}",
                reader.scheme.renames(name),
                [("from", [one[1].key]), ("to", [other[1].key])],
                note="\n\n".join(note for note in notes if note),
                coder=one[1].coder,
                id=guid(element.get("guid", "")),
                where=one[0].where,
            )
        )

    def _memo(self, end: _End | None, told: str) -> None:
        if end is not None:
            end[1].note = f"{end[1].note}\n\n{told}" if end[1].note else told

    def _goes_on(self, one: _End, other: _End) -> None:
        """A further stretch of an annotation, which is in several."""
        document, mark = other
        if mark is not one[1] and mark in document.marks:
            one[1].spans = [*one[1].spans, *mark.spans]
            one[1].quote = None
            document.marks.remove(mark)

    def _own_links(self) -> None:
        reader, ends = self._reader, self._ends
        homes: dict[str, RawDocument] = {}
        links: dict[str, RawLink] = {}
        for memo, role, member in self._memos:
            if memo not in links:
                links[memo] = self._of_memo(memo)
            links[memo].roles.append((role, [ends[member][1].key if member in ends else member]))
            if member in ends:
                homes.setdefault(memo, ends[member][0])
        found = True
        while found:
            # A link that holds links only stands where those do.
            found = False
            for memo, _, member in self._memos:
                if memo not in homes and member in homes:
                    homes[memo], found = homes[member], True
        for memo, link in links.items():
            if memo in homes:
                link.where = homes[memo].where
                homes[memo].links.append(link)
            else:
                reader.report.add("lost", "", f"a link {shown(link.type)} ties nothing that is there")

    def _of_memo(self, memo: str) -> RawLink:
        reader = self._reader
        element = reader.memos[memo]
        user = element.get("creatingUser", "")
        return RawLink(
            memo,
            reader.scheme.renames(reader.memo_name(memo).removeprefix(MEMO_OF_LINK)),
            [],
            reader.values(element),
            "".join(child.text or "" for child in element if local(child) == "Description"),
            reader.user(user),
            memo,
            created=moment_of(element.get("creationDateTime")),
            modified=moment_of(element.get("modifiedDateTime")),
        )
