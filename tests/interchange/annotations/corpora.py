"""Projects as other programs leave them, made up here in the ways of real ones: odd, large and not always right."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.services.project import Project

_WORDS = (
    "the minister said that talks with Tehran would go on, and “no deal is better than a bad one” — or so it’s told; "
    "critics in Washington (D.C.) called it naïve. Two aides, who asked not to be named, denied that. 😀 قال مسؤول سوري "
    "$4.5 million was spent; the 2016 campaign's manager didn't comment…"
).split()


def article(rng: random.Random, paragraphs: int) -> str:
    """Some paragraphs with what real articles have in them."""
    made = []
    for _ in range(paragraphs):
        made.append(
            " ".join(rng.choice(_WORDS) for _ in range(rng.randrange(8, 60))) + rng.choice((".", ".”", " ", ""))
        )
    return rng.choice(("\n", "\n\n", "\n \n")).join(made) + rng.choice(("", "\n"))


@dataclass
class Counted:
    """What a plain parser finds: of each text, what each coder tagged where, and how many links there are."""

    texts: Counter[str] = field(default_factory=Counter)
    spans: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """Text (its first words), coder, layer, words without white space."""
    links: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Text, coder, type."""


def bare(text: str) -> str:
    """Without white space, which a fragment may lose at the end of a line."""
    return re.sub(r"\s", "", text)


def counted(project: Project) -> Counted:
    """The same of a project."""
    found = Counted()
    store, codebook = project.store, project.codebook
    layers = {layer.id: layer.name for layer in codebook.layers}
    types = {link_type.id: link_type.name for link_type in codebook.link_types}
    coders = {coder.id: coder.name for coder in store.coders()}
    for row in store.document_rows():
        text = store.text(row.id)
        name = bare(text)[:60]
        found.texts[name] += 1
        for a in store.annotations(row.id):
            words = bare("".join(text[start:end] for start, end in a.fragments))
            found.spans[name, coders[a.coder_id], layers[a.layer_id], words] += 1
        for link in store.links(row.id):
            found.links[name, coders[link.coder_id], types[link.type_id]] += 1
    return found


def picture(project: Project) -> list[Any]:
    """All of a project without its ids, in an order that does not depend on them."""
    store, codebook = project.store, project.codebook
    layers = {layer.id: layer.name for layer in codebook.layers}
    types = {link_type.id: link_type.name for link_type in codebook.link_types}
    coders = {coder.id: coder.name for coder in store.coders()}
    entries = {entry.id: entry.name for entry in store.entries()}
    told = []
    for row in store.document_rows():
        document = store.document(row.id)
        seen: dict[str, Any] = {}
        for a in store.annotations(row.id):
            names = tuple(entries[entry] for entry in a.entries)
            values = tuple(sorted((name, str(value)) for name, value in a.fields.items()))
            seen[a.id] = (layers[a.layer_id], coders[a.coder_id], tuple(map(tuple, a.fragments)), values, names, a.note)
        links = {link.id: link for link in store.links(row.id)}
        made: dict[str, Any] = {}

        def of(id_: str, seen: Any = seen, links: Any = links, made: Any = made) -> Any:
            if id_ in seen:
                return seen[id_]
            if id_ not in made:
                link = links[id_]
                roles = tuple(
                    (role, tuple(map(of, members))) for role, members in sorted(link.roles.items()) if members
                )
                values = tuple(sorted((name, str(value)) for name, value in link.fields.items()))
                made[id_] = (types[link.type_id], coders[link.coder_id], roles, values, link.note)
            return made[id_]

        metadata = {name: str(value) for name, value in document.metadata.items()}
        marks = sorted(map(repr, seen.values()))
        told.append((document.title, store.text(row.id), metadata, marks, sorted(repr(of(id_)) for id_ in links)))
    return sorted(told, key=repr)


# brat: an attribution corpus of about a thousand news articles


def attribution_corpus(folder: Path, articles: int, seed: int = 1) -> Counted:
    """Texts in one folder, annotations in another, each with its coder's name behind; several parts; some trouble."""
    rng = random.Random(seed)
    expected = Counted()
    for number in range(articles):
        part = rng.choice(("train", "train", "dev", "test"))
        texts, tags = folder / "data" / part / "text", folder / "data" / part / "attributions"
        texts.mkdir(parents=True, exist_ok=True)
        tags.mkdir(parents=True, exist_ok=True)
        # A name that ends in what stands between it and its coder, and one that begins as another does.
        stem = f"outlet-{number % 7}_2016-0{1 + number % 9}-1{number % 10}_no-{number}-says-{'_' if number % 5 == 0 else ''}"
        text = f"No. {number}: " + article(rng, rng.randrange(3, 30))
        shape = number % 20
        if shape == 1:
            text = text.replace("\n", "\r\n")
        data = text.encode()
        (texts / f"{stem}.txt").write_bytes(b"\xef\xbb\xbf" + data if shape == 2 else data)
        name = bare(text)[:60]
        expected.texts[name] += 1
        for coder in rng.sample(("4b22", "4e07", "5fec", "6b86"), 3 if number % 10 == 0 else 1):
            told = _records(rng, text, name, coder, expected)
            (tags / f"{stem}_{coder}.ann").write_bytes(told.encode())
    (folder / "data" / "metadata.tsv").write_text("filename\tpublisher\n")
    (folder / "README.md").write_text("# A corpus\n")
    lost = folder / "data" / "replication" / "attributions"
    lost.mkdir(parents=True)
    (lost / "wsj_0019_4b22.ann").write_text("T1\tSource 0 3\tOne\n")
    return expected


def _records(rng: random.Random, text: str, name: str, coder: str, expected: Counted) -> str:
    lines: list[str] = []
    number = 0
    words = [match.span() for match in re.finditer(r"\S+", text)]

    def stretch(most: int) -> tuple[int, int]:
        first = rng.randrange(len(words))
        last = min(first + rng.randrange(most), len(words) - 1)
        return words[first][0], words[last][1]

    def tag(layer: str, *spans: tuple[int, int], quote: str | None = None) -> str:
        nonlocal number
        number += 1
        # brat splits at each line end; older versions wrote the line end into the record.
        pieces: list[tuple[int, int]] = []
        for start, end in spans:
            at = start
            for match in re.finditer(r"[\r\n]+", text[start:end]) if rng.random() < 0.7 else ():
                if at < start + match.start():
                    pieces.append((at, start + match.start()))
                at = start + match.end()
            if at < end:
                pieces.append((at, end))
        covered = " ".join(text[start:end] for start, end in pieces) if quote is None else quote
        lines.append(f"T{number}\t{layer} {';'.join(f'{s} {e}' for s, e in pieces)}\t{covered}")
        expected.spans[name, coder, layer, bare("".join(text[s:e] for s, e in pieces))] += 1
        return f"T{number}"

    events = 0
    for _ in range(rng.randrange(2, 25)):
        cue_at = stretch(2)
        source, cue = tag("Source", stretch(6)), tag("Cue", cue_at)
        spans = [stretch(40)]
        second = stretch(20)
        if spans[0][1] < second[0]:
            spans.append(second)
        content = tag("Content", *spans)
        kind = "Attribution" if rng.random() < 0.9 else "Attribution-no-source"
        trigger = tag(kind, cue_at)
        events += 1
        arguments = [f"Content:{content}", f"Cue:{cue}", f"Source:{source}"][: 3 if kind == "Attribution" else 2]
        if rng.random() < 0.1:
            arguments.append(f"Content2:{tag('Content', stretch(5))}")
        if rng.random() < 0.05:
            arguments = []
        lines.append(f"E{events}\t{kind}:{trigger} {' '.join(arguments)}".rstrip())
        expected.links[name, coder, kind] += 1
        if rng.random() < 0.05:
            lines.append(f"#{events}\tAnnotatorNotes {trigger}\tnot sure")
        if rng.random() < 0.05:
            # Twice the very same.
            tag("Cue", cue_at)
    if rng.random() < 0.1:
        # The text was changed after it was tagged, and nothing like it stands anywhere.
        tag("Source", words[0], quote="what no article says")
    end = "\r\n" if rng.random() < 0.1 and not any("\r" in line for line in lines) else "\n"
    return end.join(lines) + end
