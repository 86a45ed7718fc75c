"""XML from strangers: no entities, no document types with declarations, no network, bounded depth."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.errors import FileRefused

if TYPE_CHECKING:
    from lxml.etree import _Element


def parse_xml(data: bytes, path: Path | str) -> _Element:
    """The root of a document. Raises FileRefused."""
    # Not at the top: lxml takes long to load, and most imports need none.
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FileRefused(f"{path} was not read: it is no proper XML ({_reason(error.msg)}).") from None
    except (ValueError, MemoryError, LookupError) as error:
        raise FileRefused(f"{path} was not read: it is no proper XML ({_reason(str(error))}).") from None
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _ in document_type.iterentities()):
        raise FileRefused(f"{path} was not read: it defines entities, which no such file needs.")
    return root


def local(element: _Element) -> str:
    """The name of an element without its name space; nothing for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _reason(told: str | None) -> str:
    return " ".join((told or "it ends in the middle").split())[:200]


_NOT_XML = dict.fromkeys(
    [*(c for c in range(0x20) if c not in (0x9, 0xA, 0xD)), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], "\ufffd"
)


def xml_text(text: str) -> str:
    """The text with what XML cannot hold replaced, one character for one."""
    return text.translate(_NOT_XML)
