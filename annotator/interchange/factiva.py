"""Exports of Factiva (HTML, plain text, RTF), split into their articles.

With indexing each article is a list of fields under two letters: HD headline, BY byline, PD date, SN outlet, LP and TD
the text, AN the number that ends it. Without, it is headline, byline, length, date, outlet, code, language, copyright,
the text, and `Document ABC0000020260106e2160001`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused, InvalidValue
from annotator.domain.exchange import Item, Reading
from annotator.domain.model import FieldValue
from annotator.domain.text import canonical
from annotator.interchange.articles import OPTIONS, Article, clean_value, joined
from annotator.interchange.encodings import decode
from annotator.interchange.files import read_bytes
from annotator.interchange.heads import iso_date
from annotator.interchange.markup import block_text, html_text, parsed
from annotator.interchange.news_exports import author_of, items, length_of
from annotator.interchange.rtf import rtf_text

KIND = "a Factiva export"
_FIELDS = {
    "HD": "title", "BY": "author", "WC": "length", "PD": "date", "ET": "time", "SN": "outlet", "SC": "source code",
    "ED": "edition", "PG": "page", "LA": "language", "SE": "section", "CLM": "column", "CR": "credit", "VOL": "volume",
    "CO": "companies", "IN": "industries", "NS": "subjects", "RE": "regions", "IPC": "ipc", "IPD": "ipd",
    "PUB": "publisher", "AN": "accession number", "ART": "art", "RF": "notes", "CX": "correction", "CT": "contact",
}  # fmt: skip
_TEXTS = ("LP", "TD")
_LEFT_OUT = ("CY",)
_FIELD = re.compile(r"([A-Z]{2,3})(?:[ \t]+(.*))?")
_END = re.compile(r"\s*(?:Document|Dokument|Documento)\s+([A-Z0-9]{4,12}\d{8}[a-z0-9]{6,20})\s*")
_WORDS = re.compile(
    r"\s*[\d.,\u202f\u00a0]+\s+(?:words|Wörter|mots|palabras|parole|palavras|woorden)\s*", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"\s*(?:copyright\b|©|\(c\)\s)", re.IGNORECASE)
_HTML = re.compile(
    rb"""class\s*=\s*["']?article\s+[a-z]{2}Article|articleParagraph|id\s*=\s*["']?article-[A-Z0-9]{12}""", re.I
)
_TABLE = re.compile(rb"<b>\s*HD\s*</b>", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9]{2,12}")


class FactivaImporter:
    """Reads exports of several articles."""

    name = "factiva"
    title = "Factiva export"
    extensions = (".html", ".htm", ".txt", ".rtf")
    loses = (
        "Copyright lines, pictures and links.",
        "An article without a text is left out, and the report names it.",
    )
    collection = True
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """Its classes, its two-letter fields, or the number that ends each article."""
        return is_factiva(head)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """A document each."""
        data = read_bytes(path)
        if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            articles = _from_html(path, data)
        else:
            if data.lstrip().startswith(b"{\\rtf"):
                text = rtf_text(path)
            else:
                try:
                    text = decode(data)[0]
                except InvalidValue as error:
                    raise FileRefused(f"{path} was not read: {error}.") from None
            articles = _from_text(canonical(text).split("\n"))
        if not articles:
            raise FileRefused(f"{path} was not read: no article could be found in it.")
        yield from items(path, articles, reading, len(articles))


def is_factiva(head: bytes) -> bool:
    """Whether a file begins as such an export."""
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith(b"<"):
        return bool(_HTML.search(head)) or (bool(_TABLE.search(head)) and b"<b>" in head and b"PD" in head)
    if start.startswith(b"{\\rtf"):
        plain = re.sub(rb"\\[a-z]+-?\d* ?|[{}]", b"", head)
        return bool(
            re.search(rb"(?m)\bHD\b", plain) and re.search(rb"\bLP\b|\bPD\b", plain) and re.search(rb"\bSN\b", plain)
        )
    lines = head.replace(b"\r", b"\n").split(b"\n")
    codes = {line[:3].strip() for line in lines if re.match(rb"[A-Z]{2,3}(?:[ \t]|$)", line)}
    if {b"HD", b"PD", b"SN"} <= codes and codes & {b"LP", b"TD"}:
        return True
    return any(_END.fullmatch(line.decode("latin-1").strip()) for line in lines) and any(
        _WORDS.fullmatch(line.decode("utf-8", "ignore")) for line in lines
    )


# Fields


def _article(fields: dict[str, list[str]]) -> Article:
    metadata: dict[str, FieldValue] = {}
    for code, lines in fields.items():
        key = _FIELDS.get(code, "" if code in (*_TEXTS, *_LEFT_OUT) else code)
        value = clean_value(" ".join(lines))
        if key and value:
            metadata[key] = value
    title = str(metadata.pop("title", ""))
    text = joined([paragraph for code in _TEXTS for paragraph in _paragraphs(fields.get(code, []))])
    return _finished(text, title, metadata)


def _finished(text: str, title: str, metadata: dict[str, FieldValue]) -> Article:
    when = iso_date(str(metadata.get("date", "")))
    if when:
        metadata["date"] = when
    if "author" in metadata:
        metadata["author"] = author_of(str(metadata["author"]))
    if "length" in metadata:
        metadata["length"] = length_of(str(metadata["length"]))
    number = str(metadata.get("accession number", ""))
    if number:
        metadata["accession number"] = number.removeprefix("Document ").strip()
    return Article(text, title, metadata, head=not title)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Paragraphs are parted by empty lines, or begin with blanks; others are lines broken at the window's edge."""
    found: list[str] = []
    open_ = False
    broken = sum(1 for line in lines if 50 <= len(line) <= 82) * 2 > sum(1 for line in lines if line.strip())
    broken = broken and not any(len(line) > 90 for line in lines) and any(not line.strip() for line in lines[1:-1])
    for line in lines:
        if not line.strip():
            open_ = False
        elif open_ and broken and not line.startswith("   "):
            found[-1] += " " + line.strip()
        else:
            found.append(line.strip())
            open_ = True
    return found


# Plain text


def _code(line: str) -> str:
    match = _FIELD.fullmatch(line)
    return match[1] if match else ""


def _from_text(lines: Sequence[str]) -> list[Article]:
    # A line of the text may begin with the same letters; after a headline the date and the outlet follow.
    heads = [at for at, line in enumerate(lines) if _code(line) == "HD"]
    parts = zip(heads, [*heads[1:], len(lines)], strict=False)
    starts = [at for at, end in parts if {"PD", "SN"} <= set(map(_code, lines[at : min(end, at + 25)]))]
    if starts and any(_code(line) in _TEXTS for line in lines):
        return _with_fields(lines, starts)
    articles: list[Article] = []
    part: list[str] = []
    for line in lines:
        match = _END.fullmatch(line)
        if match:
            articles.append(_without_fields(part, match[1]))
            part = []
        else:
            part.append(line)
    return articles


def _with_fields(lines: Sequence[str], starts: list[int]) -> list[Article]:
    # A few fields, such as SE and CLM, may stand before the headline.
    begins = []
    for start in starts:
        while start > 0 and _code(lines[start - 1]) in ("SE", "CLM"):
            start -= 1
        begins.append(start)
    articles = []
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        fields: dict[str, list[str]] = {}
        code = ""
        for line in lines[begin:end]:
            match = _FIELD.fullmatch(line)
            known = match is not None and (match[1] in _FIELDS or match[1] in _TEXTS or match[1] in _LEFT_OUT)
            if match and known and match[1] not in fields:
                code = match[1]
                fields[code] = [match[2] or ""]
            elif code == "AN":
                break
            elif code:
                fields[code].append(line)
        articles.append(_article(fields))
    return articles


def _without_fields(lines: Sequence[str], number: str) -> Article:
    """The head is one line each, in an order that hardly varies; the copyright is the last of it."""
    filled = [at for at, line in enumerate(lines) if line.strip()]
    words = next((at for at in filled if _WORDS.fullmatch(lines[at])), -1)
    if words < 0:
        return _finished(joined(_paragraphs(lines)), "", {"accession number": number})
    before = [lines[at].strip() for at in filled if at < words]
    rights = next((at for at in filled if words < at <= words + 14 and _COPYRIGHT.match(lines[at])), -1)
    end = rights if rights >= 0 else words + 4
    head = [lines[at].strip() for at in filled if words < at < end]
    metadata: dict[str, FieldValue] = {"accession number": number, "length": lines[words].strip()}
    _name_head(head, metadata)
    if len(before) > 1 and len(before[-1]) < 120:
        metadata["author"] = before.pop()
    start = end + 1 if rights >= 0 else end
    return _finished(joined(_paragraphs(lines[start:])), before[-1] if before else "", metadata)


def _name_head(head: Sequence[str], metadata: dict[str, FieldValue]) -> None:
    """Date, time, outlet, code, page, edition and language, as the lines after the length tell them."""
    rest: list[str] = []
    for line in head:
        if "date" not in metadata and iso_date(line):
            metadata["date"] = line
        elif re.fullmatch(r"\d{1,2}:\d{2}(?: ?[AaPp][Mm])?", line):
            metadata["time"] = line
        elif "date" in metadata:
            rest.append(line)
        else:
            metadata.setdefault("section", line)
    if rest:
        metadata["outlet"] = rest.pop(0)
    if rest:
        metadata["language"] = rest.pop()
    for line in rest:
        if "source code" not in metadata and _CODE.fullmatch(line) and not line.isdigit():
            metadata["source code"] = line
        elif "page" not in metadata and re.fullmatch(r"(?:p\.? ?)?[A-Z]{0,3}-?\d{1,4}", line, re.IGNORECASE):
            metadata["page"] = line
        else:
            metadata.setdefault("edition", line)


# HTML


def _from_html(path: Path, data: bytes) -> list[Article]:
    root = parsed(path, html_text(path, data), KIND)
    if root is None:
        return []
    boxes = [
        box
        for box in root.iter("div", "table")
        if re.search(r"\barticle\b|\b[a-z]{2}Article\b", box.get("class") or "")
        or str(box.get("id") or "").startswith("article-")
    ]
    boxes = [box for box in boxes if not any(parent in boxes for parent in box.iterancestors())]
    if not boxes:
        # Old exports have no boxes: every table with a headline is an article.
        boxes = [table for table in root.iter("table") if "HD" in _table_fields(table)]
    return [article for box in boxes if (article := _of_box(box)) is not None]


def _of_box(box: Any) -> Article | None:
    fields = _table_fields(box)
    if "HD" in fields and any(code in fields for code in _TEXTS):
        return _article(fields)
    paragraphs = [node for node in box.iter("p") if "articleParagraph" in (node.get("class") or "")]
    if not paragraphs:
        paragraphs = list(box.iter("p"))
    texts = [clean_value("".join(node.itertext())) for node in paragraphs]
    numbers = [match[1] for node in box.iter("p") if (match := _END.fullmatch(clean_value("".join(node.itertext()))))]
    number = numbers[-1] if numbers else ""
    texts = [text for text in texts if not _END.fullmatch(text)]
    headline = next(
        (node for node in box.iter() if node.get("id") == "hd" or "eadline" in (node.get("class") or "")), None
    )
    title = clean_value("".join(headline.itertext())) if headline is not None else ""
    metadata: dict[str, FieldValue] = {"accession number": number} if number else {}
    head = []
    for node in box.iter("div"):
        line = clean_value("".join(node.itertext()))
        if node is box or not line or node.find(".//div") is not None or node.find(".//p") is not None:
            continue
        if line == title or node.get("id") == "hd":
            continue
        if "author" in (node.get("class") or ""):
            metadata["author"] = line
        elif _WORDS.fullmatch(line):
            metadata["length"] = line
        elif not _COPYRIGHT.match(line):
            head.append(line)
        else:
            break
    _name_head(head, metadata)
    if not title and not texts:
        return None
    return _finished(joined(texts), title, metadata)


def _table_fields(box: Any) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for row in box.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        if len(cells) < 2:
            continue
        code = clean_value("".join(cells[0].itertext()))
        if re.fullmatch(r"[A-Z]{2,3}", code) and code not in fields:
            fields[code] = block_text(cells[1]).split("\n")
    return fields
