"""What the document formats share: an article found in a file becomes a document of the project.

Options that all of them take: `names` (a pattern for file names, see `file_names`) and `headline` ("yes" puts the title
above the text, so that it can be tagged).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from annotator.domain.errors import AnnotatorError, FileRefused
from annotator.domain.exchange import Remark
from annotator.domain.ids import new_id, now
from annotator.domain.invariants import storable
from annotator.domain.model import Document, DocumentData, FieldValue
from annotator.domain.text import canonical, digest
from annotator.interchange.file_names import Names
from annotator.interchange.heads import read_head, tidy_title

OPTIONS = ("names", "headline")

LARGEST_TEXT = 50_000_000
"""Characters: a hundred novels. What is larger is no article, and no window could show it."""

_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff\u00ad]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_ENDS = re.compile(r"[ \t\u00a0]+(?=\n|$)")
_MANY = re.compile(r"\n{3,}")

Plain = TypeVar("Plain")


@dataclass(slots=True)
class Article:
    """What a format found: the text, and what the file says of it."""

    text: str
    title: str = ""
    metadata: dict[str, FieldValue] = field(default_factory=dict)
    head: bool = True
    """Whether the beginning of the text may be asked for a date and a title that are missing."""


def tidy(text: str) -> str:
    """A text that was taken out of another format: one kind of line end, no marks of layout, no heaps of empty lines."""
    text = _UNWANTED.sub("", _BREAKS.sub("\n", text))
    return _MANY.sub("\n\n", _ENDS.sub("", text)).strip("\n").strip()


def joined(paragraphs: Iterator[str] | list[str]) -> str:
    """Paragraphs as one text, an empty line between them."""
    return tidy("\n\n".join(kept for kept in (paragraph.strip() for paragraph in paragraphs) if kept))


def document(
    path: Path, article: Article, options: Mapping[str, str], *, many: bool = False
) -> tuple[DocumentData, tuple[Remark, ...]]:
    """The document of an article, and what there is to say of it.

    A file's name tells the title only where the file is one article; `many` says that there are several.
    """
    text = canonical(article.text)
    if len(text) > LARGEST_TEXT:
        raise FileRefused(f"{path} was not read: its text has {len(text):,} characters, far more than any article.")
    metadata = {key: value for key, value in article.metadata.items() if _worth(value)}
    remarks: list[Remark] = []
    title = tidy_title(article.title)
    if article.head and not (title and "date" in metadata):
        when, found = read_head(text)
        title = title or found
        if when and "date" not in metadata:
            metadata["date"] = when
    names = Names.of(options)
    if names is not None:
        told = names.read(path)
        if told is None:
            remarks.append(Remark("lost", str(path), f"its name does not fit the pattern {names.pattern}"))
        else:
            named = str(told.pop("title", ""))
            # The user said what the name means; in a file of many articles it tells only what they have in common.
            title = title if many else named or title
            metadata = {**told, **metadata} if many else {**metadata, **told}
    title = title or tidy_title(stem(path)) or "Untitled"
    if is_yes(options.get("headline", "")) and not text.lstrip().startswith(title):
        text = f"{title}\n\n{text}"
    made = Document(new_id(), title, digest(text), metadata=metadata, created=now())
    return DocumentData(made, text), tuple(remarks)


def _worth(value: FieldValue) -> bool:
    return value not in ("", [], None)


def stem(path: Path) -> str:
    """The file's name without its ending, as proper Unicode."""
    return path.stem.encode("utf-8", "replace").decode("utf-8").strip()


def is_yes(value: str) -> bool:
    """Whether an option says yes."""
    return value.strip().lower() in ("yes", "true", "1", "on", "y")


def metadata_value(value: object) -> FieldValue | None:
    """A value that may stand in metadata, or None where there is nothing in it."""
    if isinstance(value, (bool, float)):
        return value if value == value and value not in (float("inf"), float("-inf")) else None
    if isinstance(value, int):
        return value if abs(value) < 2**63 else str(value)
    if isinstance(value, (list, tuple)):
        items = [kept for kept in (clean_value(str(item)) for item in value if item is not None) if kept]
        return items or None
    return clean_value(str(value)) or None if value is not None else None


def clean_value(value: str) -> str:
    """A short text as metadata keeps it."""
    value = " ".join(_UNWANTED.sub("", value).split())
    return value if storable(value) else value.encode("utf-8", "replace").decode("utf-8")


@contextmanager
def sound(path: Path, kind: str) -> Iterator[None]:
    """Around a library at work on a file: whatever it raises on a damaged file becomes one sentence.

    `kind` names what the file should be, with its article: "a PDF file".
    """
    try:
        yield
    except AnnotatorError:
        raise
    except MemoryError:
        raise FileRefused(f"{path} is too large for this computer's memory.") from None
    except RecursionError:
        raise FileRefused(f"{path} was not read: it is nested too deeply for {kind}.") from None
    except OSError as error:
        if error.strerror:
            raise FileRefused(f"{path} cannot be read: {error.strerror}.") from None
        raise FileRefused(f"{path} was not read: it is damaged, or not {kind}.") from None
    except Exception:
        # Readers of damaged files fail in a hundred ways; none of them tells a person more than this.
        raise FileRefused(f"{path} was not read: it is damaged, or not {kind}.") from None
