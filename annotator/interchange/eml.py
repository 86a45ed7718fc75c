"""A saved mail (.eml): a newsletter, a press release, an article that somebody sent on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Header, Item, Reading, Remark
from annotator.domain.model import FieldValue
from annotator.interchange.articles import OPTIONS, Article, clean_value, document, sound, tidy
from annotator.interchange.files import read_bytes
from annotator.interchange.heads import iso_date
from annotator.interchange.markup import block_text, html_text, parsed

KIND = "a saved mail"
LARGEST = 200_000_000
_HEADER = re.compile(
    rb"(?:return-path|received|from|to|subject|date|message-id|mime-version|delivered-to|reply-to|x-[\w-]+)\s*:", re.I
)
_ANY_HEADER = re.compile(rb"[!-9;-~]{1,80}:[ \t\S]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")


class EmlImporter:
    """Reads one mail a file."""

    name = "eml"
    title = "Saved mail"
    extensions = (".eml",)
    loses = (
        "Attachments, pictures and the look of the mail.",
        "Whom it was sent to; of the sender the name is kept, not the address.",
    )
    options: tuple[str, ...] = OPTIONS

    def sniff(self, path: Path, head: bytes) -> bool:
        """Two of a mail's own headers at the beginning."""
        lines = 0
        at = 0
        while lines < 60 and (match := _ANY_HEADER.match(head, at)):
            at = match.end()
            lines += 1
        known = {name.lower() for name in _HEADER.findall(head[:at]) if name}
        return len(known) >= 2 and not is_web_archive(head)

    def read(self, path: Path, reading: Reading) -> Iterator[Item]:
        """One document."""
        message = read_message(path, KIND)
        with sound(path, KIND):
            text = _body(path, message)
            attached = sum(1 for part in message.walk() if part.get_content_disposition() == "attachment")
        if not text:
            raise FileRefused(f"{path} has no text in it.")
        author = re.sub(r"<[^>]*>|\"", "", header(message, "from")).strip()
        metadata: dict[str, FieldValue] = {}
        for key, value in (("date", iso_date(header(message, "date"))), ("author", author)):
            if value:
                metadata[key] = value
        yield Header()
        if attached:
            yield Remark("lost", str(path), f"{attached} attachments" if attached > 1 else "an attachment")
        made, remarks = document(path, Article(text, header(message, "subject"), metadata), reading.options)
        yield from remarks
        yield made
        reading.tick(1, 1)


def is_web_archive(head: bytes) -> bool:
    """Whether this is a page as browsers save it in one file: it looks like a mail."""
    return b"multipart/related" in head[:4096].lower() and (
        b"Saved by" in head[:4096] or b"Snapshot-Content-Location" in head[:4096] or b"MimeOLE" in head[:4096]
    )


def read_message(path: Path, kind: str) -> EmailMessage:
    """The mail or web archive as the standard library sees it."""
    data = read_bytes(path)
    if len(data) > LARGEST:
        raise FileRefused(f"{path} was not read: it is larger than {LARGEST // 1_000_000} MB.")
    with sound(path, kind):
        from email import message_from_bytes, policy

        message: Any = message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise FileRefused(f"{path} was not read: it is damaged, or not {kind}.")
    assert isinstance(message, EmailMessage)
    return message


def header(message: Message, name: str) -> str:
    """A header as text; "" where it is missing or beyond repair."""
    try:
        value = message[name]
        return clean_value(str(value)) if value is not None else ""
    except Exception:  # the standard library fails on broken headers in many ways
        return ""


def payload(part: Message) -> bytes:
    """The bytes of a part."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _body(path: Path, message: EmailMessage) -> str:
    """The plain text if there is one worth reading, else the HTML."""
    plain = html = ""
    for part in message.walk():
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        kind = part.get_content_type()
        if kind == "text/plain" and not plain:
            plain = tidy(_flowed(_decoded(part), str(part.get_param("format") or "")))
        elif kind == "text/html" and not html:
            root = parsed(path, html_text(path, _utf8(part)), KIND)
            html = block_text(root) if root is not None else ""
    return plain if len(plain) * 3 >= len(html) else html


def _decoded(part: Message) -> str:
    data, named = payload(part), part.get_content_charset("utf-8")
    for encoding in (named, "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


def _utf8(part: Message) -> bytes:
    """An HTML part in the encoding that its mail names; what it says of itself inside is often wrong."""
    return b"\xef\xbb\xbf" + _decoded(part).encode("utf-8", "replace") if part.get_content_charset() else payload(part)


def _flowed(text: str, form: str) -> str:
    """Mails break lines softly with a space before the line's end (RFC 3676)."""
    if form.lower() != "flowed":
        return text
    return re.sub(r"(?m)^(?!-- $)(.*) \r?\n(?=[^\s>])", r"\1 ", text)
