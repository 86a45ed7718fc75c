"""CoNLL-U, one way: sentences and tokens with what is tagged in them, for corpus tools and parsers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from annotator.domain.exchange import Source
from annotator.domain.model import DocumentData, Link
from annotator.interchange.renaming import Tokens

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|\w+(?:['’\-]\w+)*|[^\w\s]")
_END = re.compile(r"(?<=[.!?…؟])[\"'”’»)\]]*\s+(?=\S)|\n+")


class ConlluExporter:
    """Writes CoNLL-U."""

    name = "conllu"
    title = "CoNLL-U"
    extensions = (".conllu",)
    options: tuple[str, ...] = ()
    loses: tuple[str, ...] = (
        "It goes one way: it is not read again.",
        "Sentences and tokens are found by punctuation and white space; lemmas, parts of speech and syntax are left empty.",
        "An annotation covers every token that it touches, and where it begins or ends in a token is lost.",
        "Entries, fields, notes, coders and times stay behind; links are written as comments.",
    )

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """A document after the other."""
        layers = Tokens(layer.name for layer in source.codebook.layers)
        names = {layer.id: layers[layer.name] for layer in source.codebook.layers}
        types = {link_type.id: link_type.name for link_type in source.codebook.link_types}
        for data in source.documents():
            out.write("".join(_document(data, names, types)).encode())


def _document(data: DocumentData, layers: Mapping[str, str], types: Mapping[str, str]) -> Iterator[str]:
    tokens = [match.span() for match in _TOKEN.finditer(data.text)]
    tags = _tags(data, layers, tokens)
    yield f"# newdoc id = {data.document.id}\n# title = {_flat(data.document.title)}\n"
    for key, value in data.document.metadata.items():
        yield f"# meta::{_flat(key)} = {_flat(str(value))}\n"
    numbers = {annotation.id: number for number, annotation in enumerate(data.annotations, 1)}
    numbers |= {link.id: number for number, link in enumerate(data.links, len(numbers) + 1)}
    for link in data.links:
        yield f"# link = {numbers[link.id]} {_link(link, types, numbers)}\n"
    first = 0
    for number, (start, end) in enumerate(_sentences(data.text), 1):
        last = bisect_left(tokens, (end, end), first)
        inside, first = range(first, last), last
        if not inside:
            continue
        yield f"# sent_id = {data.document.id}-{number}\n# text = {_flat(data.text[start:end])}\n"
        for place, at in enumerate(inside, 1):
            yield _line(data.text, tokens, at, place, tags.get(at, ""))
        yield "\n"


def _line(text: str, tokens: list[tuple[int, int]], at: int, place: int, tags: str) -> str:
    start, end = tokens[at]
    after = tokens[at + 1][0] if at + 1 < len(tokens) else len(text)
    misc = [f"Tags={tags}"] if tags else []
    if after == end:
        misc.append("SpaceAfter=No")
    elif text[end:after] != " ":
        spaces = text[end:after].replace("\n", "\\n").replace("\t", "\\t").replace(" ", "\\s")
        misc.append(f"SpacesAfter={''.join(c for c in spaces if not c.isspace())}")
    misc.append(f"TokenRange={start}:{end}")
    return "\t".join((str(place), text[start:end], *("_" * 7), "|".join(misc))) + "\n"


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.end()
            start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _tags(data: DocumentData, layers: Mapping[str, str], tokens: list[tuple[int, int]]) -> dict[int, str]:
    """For each token what it begins (B) or goes on with (I), each with the number of its annotation."""
    found: dict[int, list[str]] = {}
    ends = [end for _, end in tokens]
    for number, annotation in enumerate(data.annotations, 1):
        mark = "B"
        for start, end in sorted(annotation.fragments):
            at = bisect_left(ends, start + 1)
            while at < len(tokens) and tokens[at][0] < end:
                found.setdefault(at, []).append(f"{mark}-{layers[annotation.layer_id]}:{number}")
                mark = "I"
                at += 1
    return {at: ",".join(tags) for at, tags in found.items()}


def _link(link: Link, types: Mapping[str, str], numbers: Mapping[str, int]) -> str:
    roles = " ".join(
        f"{_flat(role)}:{','.join(str(numbers.get(member, '?')) for member in members)}"
        for role, members in link.roles.items()
        if members
    )
    return f"{_flat(types[link.type_id])} {roles}"


def _flat(text: str) -> str:
    return " ".join(text.split())
