"""Exports of Nexis Uni (Word) and of LexisNexis (plain text), split into their articles.

An article of Nexis Uni: title, outlet, date, copyright, labelled lines (`Section:`, `Length:`, `Byline:`), the line
`Body`, the text, labelled lines again (`Load-Date:`), and the line `End of Document`. One of the older text files begins
with `1 of 161 DOCUMENTS` and has its labels in capitals.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Item, Reading
from annotator.domain.model import FieldValue
from annotator.domain.text import canonical
from annotator.interchange.articles import OPTIONS, Article, clean_value, joined
from annotator.interchange.docx import is_docx, read_docx
from annotator.interchange.encodings import decode
from annotator.interchange.files import read_bytes
from annotator.interchange.heads import iso_date
from annotator.interchange.news_exports import author_of, items, length_of
from annotator.interchange.rtf import rtf_text

_END = re.compile(
    r"\s*(?:end of document|ende des dokuments|fin du document|fin del documento|einde van document)\s*", re.I
)
_START = re.compile(
    r"\s*(?:dokument\s+)?\d{1,6}\s+(?:of|von|de|sur|van)\s+\d{1,6}(?:\s+(?:documents?|dokumenten?))?\s*", re.I
)
_BODY = re.compile(r"\s*(?:body|full text|haupttext|corps|cuerpo|volltext)\s*:?\s*", re.IGNORECASE)
_BODY_INLINE = re.compile(r"\s*BODY:[ \t]*(?=\S)")
_AFTER = re.compile(r"\s*(?:classification|notes|graphic|correction)\s*:?\s*", re.IGNORECASE)
_LABEL = re.compile(r"\s*([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ/ -]{1,38}?)\s*:\s*(.*)", re.DOTALL)
_COPYRIGHT = re.compile(r"\s*(?:copyright\b|©|\(c\)\s|all rights reserved|alle rechte vorbehalten|tous droits)", re.I)
_COVER = re.compile(r"(?m)^\s*(?:User Name|Job Number|Client/Matter|Search Terms|Search Type|Date and Time)\s*:", re.I)
_MOST_CAPTIONS = 30
_MARKS = re.compile(r"(?im)^\s*(?:load-date|length|section|byline|ladedatum|länge|update|datum):")

_KEYS = {
    "headline": "title", "title": "title", "byline": "author", "author": "author", "autor": "author", "verfasser": "author",
    "section": "section", "rubrik": "section", "rubrique": "section", "sección": "section",
    "length": "length", "länge": "length", "longueur": "length", "longitud": "length", "lengte": "length",
    "load-date": "load date", "ladedatum": "load date", "update": "load date", "date de chargement": "load date",
    "language": "language", "sprache": "language", "langue": "language", "idioma": "language", "taal": "language",
    "publication-type": "publication type", "publikationstyp": "publication type", "zeitungs-code": "journal code",
    "journal code": "journal code", "journal-code": "journal code", "dateline": "dateline", "highlight": "highlight",
    "subject": "subject", "organization": "organization", "company": "company", "person": "person", "country": "country",
    "state": "state", "city": "city", "geographic": "geographic", "industry": "industry", "ticker": "ticker",
    "series": "series", "edition": "edition", "url": "url", "type": "type", "source": "outlet", "publication": "outlet",
    "correction-date": "correction date", "acc-no": "accession number", "document-type": "document type",
    "distribution": "distribution", "isin": "isin", "notes": "notes", "graphic": "graphic", "bibliography": "bibliography",
}  # fmt: skip


class NexisImporter:
    """Reads exports of several articles."""

    name = "nexis"
    title = "Nexis Uni export"
    extensions = (".docx", ".txt", ".rtf")
    loses = (
        "The cover page and the list of results; copyright lines; pictures.",
        "An article without a text is left out, and the report names it.",
    )
    collection = True
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """The lines that part the articles, or the labels that each of them has."""
        if is_docx(path, head):
            return is_nexis_docx(path)
        if head.startswith(b"{\\rtf"):
            plain = head.decode("latin-1")
            return "End of Document" in plain or ("Load-Date:" in plain and "Length:" in plain)
        try:
            return is_nexis(canonical(decode(head[: len(head) - len(head) % 4])[0]))
        except InvalidValue:
            # The head may end within a letter.
            return is_nexis(canonical(head.decode("utf-8", "ignore")))

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """A document each."""
        lines = _lines(path)
        parts = _split(lines)
        if not parts:
            raise FileRefused(f"{path} was not read: no article could be found in it.")
        yield from items(path, (_article(part) for part in parts), reading, len(parts))


def is_nexis(start: str) -> bool:
    """Whether a text begins as an export of this kind does."""
    if re.search(r"(?m)^\s*1 (?:of|von|de) \d+ (?:DOCUMENTS?|DOKUMENTE?N?)\s*$", start):
        return True
    has_end = any(_END.fullmatch(line) for line in start.split("\n"))
    marks = {mark.strip().lower() for mark in _MARKS.findall(start)}
    return len(marks) >= (1 if has_end else 3) and any(_BODY.fullmatch(line) for line in start.split("\n"))


def is_nexis_docx(path: Path) -> bool:
    """The same for a Word document, of which only the beginning is unpacked."""
    try:
        with zipfile.ZipFile(path) as opened, opened.open("word/document.xml") as part:
            start = part.read(1_000_000).decode("utf-8", "ignore")
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return False
    except Exception:  # damaged deflate data raises zlib.error
        return False
    plain = re.sub(r"<[^>]*>", "", re.sub(r"<w:(?:br|tab)\b[^>]*>", "\n", re.sub(r"</w:p>", "\n", start)))
    return is_nexis(plain)


def _lines(path: Path) -> list[str]:
    """The paragraphs of a Word file, or the lines of a text."""
    data = read_bytes(path)
    if is_docx(path, data[:65_536]):
        return [line for paragraph in read_docx(path)[0] for line in ("", *paragraph.text.split("\n"))]
    if data.lstrip().startswith(b"{\\rtf"):
        return rtf_text(path).split("\n")
    try:
        return canonical(decode(data)[0]).split("\n")
    except InvalidValue as error:
        raise FileRefused(f"{path} was not read: {error}.") from None


def _split(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each article: up to an end mark, or from one start mark to the next."""
    if any(_END.fullmatch(line) for line in lines):
        parts: list[list[str]] = [[]]
        for line in lines:
            if _END.fullmatch(line):
                parts.append([])
            else:
                parts[-1].append(line)
        parts[0] = _without_cover(parts[0])
    else:
        starts = [at for at, line in enumerate(lines) if _START.fullmatch(line) and line.strip()]
        if starts:
            ends = [*starts[1:], len(lines)]
            parts = [list(lines[start + 1 : end]) for start, end in zip(starts, ends, strict=True)]
        else:
            parts = [_without_cover(list(lines))]
    return [part for part in parts if sum(1 for line in part if line.strip()) >= 2]


def _without_cover(lines: list[str]) -> list[str]:
    """The first article, without the cover page and the list of titles before it.

    An article's head is a title, an outlet and a date, so it begins two lines before the last date before the body.
    """
    if not _COVER.search("\n".join(lines[:400])):
        return lines
    body = next((at for at, line in enumerate(lines) if _BODY.fullmatch(line)), len(lines))
    filled = [at for at, line in enumerate(lines[:body]) if line.strip()]
    dates = [number for number, at in enumerate(filled) if iso_date(lines[at]) and not _LABEL.fullmatch(lines[at])]
    if not dates:
        return lines
    return lines[filled[max(0, dates[-1] - 2)] :]


def _article(lines: list[str]) -> Article:
    at = next((i for i, line in enumerate(lines) if _BODY.fullmatch(line) or _BODY_INLINE.match(line)), -1)
    if at >= 0:
        head, body = lines[:at], lines[at + 1 :]
        if not _BODY.fullmatch(lines[at]):
            body = [_BODY_INLINE.sub("", lines[at]), *body]
    else:
        # Short items have no line that says where they begin: after the last label, then.
        labels = [i for i, line in enumerate(lines[:60]) if (m := _LABEL.fullmatch(line)) and _key(m[1])]
        at = labels[-1] + 1 if labels else 3
        head, body = lines[:at], lines[at:]
    text_lines, tail = _without_tail(body)
    metadata: dict[str, FieldValue] = {}
    title, outlet, when = _read_head(head, metadata)
    for block in _blocks(tail):
        _read_label(block, metadata)
    title = str(metadata.pop("title", "")) or title
    if outlet and "outlet" not in metadata:
        metadata["outlet"] = outlet
    if when:
        metadata["date"] = when
    if "author" in metadata:
        metadata["author"] = author_of(str(metadata["author"]))
    if "length" in metadata:
        metadata["length"] = length_of(str(metadata["length"]))
    loaded = iso_date(str(metadata.get("load date", "")))
    if loaded:
        metadata["load date"] = loaded
    return Article(joined(_paragraphs(text_lines)), title, metadata, head=not title)


def _key(label: str) -> str:
    return _KEYS.get(" ".join(label.split()).lower(), "")


def _blocks(lines: Sequence[str]) -> list[str]:
    """Stretches between empty lines, each as one line; a label begins a new one."""
    found: list[str] = []
    open_ = False
    for line in lines:
        if not line.strip():
            open_ = False
            continue
        match = _LABEL.fullmatch(line)
        if open_ and not (match and _key(match[1])):
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
        open_ = True
    return found


def _read_head(lines: Sequence[str], metadata: dict[str, FieldValue]) -> tuple[str, str, str]:
    """Title, outlet and date, and the labelled lines into the metadata."""
    bare: list[str] = []
    when = ""
    for block in _blocks_of_head(lines):
        if _COPYRIGHT.match(block):
            continue
        if _read_label(block, metadata):
            continue
        found = iso_date(block) if len(block) < 80 else None
        if found and not when:
            when = found
        elif not when:
            bare.append(clean_value(block))
        elif "edition" not in metadata and len(block) < 80:
            metadata["edition"] = clean_value(block)
    # Nexis Uni puts the title before the outlet; the older text puts the outlet alone, and labels the title.
    if "title" in metadata or len(bare) == 1:
        return ("", bare[-1], when) if "title" in metadata and bare else (bare[0] if bare else "", "", when)
    return (bare[0], bare[-1], when) if bare else ("", "", when)


def _blocks_of_head(lines: Sequence[str]) -> list[str]:
    """In heads outlet, date and edition stand on lines of their own; copyrights and labels run on."""
    found: list[str] = []
    before = ""
    for line in lines:
        text = line.strip()
        label = _LABEL.fullmatch(line)
        known = bool(label and _key(label[1]))
        runs_on = (
            before
            and not known
            and found
            and (_COPYRIGHT.match(found[-1]) or ((m := _LABEL.fullmatch(found[-1])) and _key(m[1])))
        )
        if text and runs_on and not iso_date(text):
            found[-1] += " " + text
        elif text:
            found.append(text)
        before = text
    return found


def _read_label(block: str, metadata: dict[str, FieldValue]) -> bool:
    match = _LABEL.fullmatch(block)
    key = _key(match[1]) if match else ""
    if not match or not key:
        return False
    value = clean_value(match[2])
    if value and key not in metadata:
        metadata[key] = value
    return True


def _without_tail(lines: list[str]) -> tuple[list[str], list[str]]:
    """The text, and the labelled lines behind it. Labels within the text stay where they are."""
    end = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if not line.strip():
            continue
        match = _LABEL.fullmatch(line)
        if (match and _key(match[1])) or _AFTER.fullmatch(line) or _COPYRIGHT.match(line):
            end = at
        elif end == len(lines) or end - at > 12 or not _goes_on(lines, at, end):
            break
    # Captions stand under a line of their own, between the text and its labels.
    above = range(max(0, end - _MOST_CAPTIONS), end)
    end = next((at for at in above if _AFTER.fullmatch(lines[at])), end)
    return lines[:end], lines[end:]


def _goes_on(lines: list[str], at: int, end: int) -> bool:
    """Whether a line of the tail is the second line of a label above it."""
    for above in range(at - 1, max(-1, at - 12), -1):
        if not lines[above].strip():
            return False
        match = _LABEL.fullmatch(lines[above])
        if match and _key(match[1]):
            return True
    return False


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Word files have a paragraph a line; the older text breaks lines at 80 characters."""
    wrapped = sum(1 for line in lines if 60 <= len(line) <= 81)
    filled = sum(1 for line in lines if line.strip())
    if wrapped * 2 < filled or any(len(line) > 90 for line in lines):
        return [line for line in lines if line.strip()]
    found: list[str] = []
    open_ = False
    for line in lines:
        if not line.strip():
            open_ = False
        elif open_:
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
            open_ = True
    return found
