"""Documents as .txt and .ann files of brat standoff."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from annotator.domain.codebook import LinkType
from annotator.domain.exchange import Header, Source
from annotator.domain.model import Annotation, DocumentData, Entry, FieldValue, Fragment, Link
from annotator.interchange.brat_read import EQUIVALENT, TRIGGER
from annotator.interchange.containers import ZipWriter
from annotator.interchange.renaming import file_stem, one_line, plain_token
from annotator.interchange.sidecar import SIDECAR, Sidecar, all_fields, brat_names

_REFERENCE = re.compile(r"\S+:\S+")
_BREAKS = re.compile(r"\n+")


class BratWriter:
    """Writes a project, a document after the other."""

    def __init__(self, source: Source, zip_: ZipWriter) -> None:
        self._source = source
        self._zip = zip_
        self._codebook = source.codebook
        self._names = brat_names(source.codebook)
        self._entries = {entry.id: entry for entry in source.entries()}
        self._registries = {r.id: r.name for r in source.codebook.registries}
        self._taken: set[str] = {SIDECAR.partition(".")[0]}
        self._sidecar = Sidecar(Header(None, source.codebook, (), tuple(self._entries.values())))
        taken: set[str] = set()
        coders = list(source.coders())
        # With one coder there are no folders, with more one for each.
        self._folders = {coder.id: file_stem(coder.name, taken) for coder in coders} if len(coders) > 1 else {}
        self._sidecar.coders = {self._folders.get(coder.id, ""): coder.name for coder in coders}

    def write(self) -> None:
        """All files; the settings last, when everything is known."""
        for data in self._source.documents():
            document = data.document
            stem = file_stem(document.title, self._taken)
            self._sidecar.documents[f"{stem}.txt"] = (document.title, document.status, dict(document.metadata))
            for folder, marks, links in self._by_coder(data):
                self._zip.add(f"{folder}{stem}.txt", data.text.encode())
                self._zip.add(f"{folder}{stem}.ann", "".join(self._records(data.text, marks, links)).encode())
        self._zip.add("annotation.conf", self._configuration().encode())
        self._zip.add(SIDECAR, self._sidecar.dump())

    def _by_coder(self, data: DocumentData) -> Iterator[tuple[str, list[Annotation], list[Link]]]:
        owners = dict.fromkeys([*(a.coder_id for a in data.annotations), *(link.coder_id for link in data.links)])
        if not self._folders or not owners:
            yield "", list(data.annotations), list(data.links)
            return
        for coder in owners:
            yield (
                f"{self._folders[coder]}/",
                [annotation for annotation in data.annotations if annotation.coder_id == coder],
                [link for link in data.links if link.coder_id == coder],
            )

    def _records(self, text: str, annotations: list[Annotation], links: list[Link]) -> Iterator[str]:
        layers = {layer.id: self._names[layer.name] for layer in self._codebook.layers}
        keys: dict[str, str] = {}
        about: list[tuple[str, Annotation | Link]] = []
        places: dict[str, str] = {}
        number = 0
        for annotation in annotations:
            place, quote = written(text, annotation.fragments)
            if not place:
                continue
            number += 1
            key = keys[annotation.id] = f"T{number}"
            places[key] = f"{place}\t{quote}"
            about.append((key, annotation))
            yield f"{key}\t{layers[annotation.layer_id]} {place}\t{quote}\n"
        yield from self._link_records(links, keys, places, about, number)
        yield from self._attributes(about)

    def _link_records(
        self,
        links: list[Link],
        keys: dict[str, str],
        places: Mapping[str, str],
        about: list[tuple[str, Annotation | Link]],
        marks: int,
    ) -> Iterator[str]:
        types = self._codebook.link_types_by_id
        numbers = {"E": 0, "R": 0}
        kinds: dict[str, str] = {}
        written_ids = {*keys, *(link.id for link in links)}
        held = {
            link.id: {role: kept for role, ids in link.roles.items() if (kept := [m for m in ids if m in written_ids])}
            for link in links
        }
        for link in links:
            kind = kinds[link.id] = _kind(types[link.type_id], link, held[link.id])
            if kind != "*":
                numbers[kind] += 1
                keys[link.id] = f"{kind}{numbers[kind]}"
        for link in links:
            name = self._names[types[link.type_id].name]
            roles = {role: [keys[m] for m in members if m in keys] for role, members in held[link.id].items()}
            if kinds[link.id] == "*":
                yield f"*\t{name} {' '.join(member for members in roles.values() for member in members)}\n"
                continue
            key = keys[link.id]
            about.append((key, link))
            if kinds[link.id] == "R":
                (first, one), (second, other) = [(role, members[0]) for role, members in roles.items()]
                yield f"{key}\t{name} {self._names[first]}:{one} {self._names[second]}:{other}\t\n"
                continue
            trigger = roles.get(TRIGGER, [])
            if trigger and trigger[0][0] == "T":
                head, roles = trigger[0], {**roles, TRIGGER: trigger[1:]}
            else:
                # brat wants a trigger, in the layer that is called like the link: the cue, or whatever stands there.
                marks += 1
                head = f"T{marks}"
                at = next((m for role in ("cue", *roles) for m in roles.get(role, ()) if m in places), None)
                at = at or next(iter(places), None)
                if at is None:
                    continue
                yield f"{head}\t{name} {places[at]}\n"
            yield f"{key}\t{name}:{head}{''.join(self._arguments(roles))}\n"

    def _arguments(self, roles: Mapping[str, list[str]]) -> Iterator[str]:
        for role, members in roles.items():
            for number, member in enumerate(members, 1):
                yield f" {self._names[role]}{number if number > 1 else ''}:{member}"

    def _attributes(self, about: Iterable[tuple[str, Annotation | Link]]) -> Iterator[str]:
        attributes = references = notes = 0
        for key, item in about:
            for name, value in item.fields.items():
                for told in _told(value):
                    attributes += 1
                    yield f"A{attributes}\t{self._names[name]} {key}{told}\n"
            for entry_id in item.entries if isinstance(item, Annotation) else ():
                references += 1
                entry = self._entries[entry_id]
                yield f"N{references}\tReference {key} {self._reference(entry)}\t{_flat(entry.name)}\n"
            if item.note.strip():
                notes += 1
                yield f"#{notes}\tAnnotatorNotes {key}\t{_flat(item.note)}\n"

    def _reference(self, entry: Entry) -> str:
        known = entry.fields.get("reference")
        if isinstance(known, str) and _REFERENCE.fullmatch(known):
            return known
        return f"{self._names[self._registries[entry.registry_id]]}:{plain_token(entry.id)}"

    def _configuration(self) -> str:
        """What brat must know to show the files: its annotation.conf."""
        names, codebook = self._names, self._codebook
        entities = [names[layer.name] for layer in codebook.layers]
        events = []
        for link_type in codebook.link_types:
            roles = ", ".join(f"{names[role.name]}*:<ANY>" for role in link_type.roles if role.name != TRIGGER)
            events.append(f"{names[link_type.name]}\t{roles}".rstrip())
        attributes: dict[str, str] = {}
        for known in all_fields(codebook):
            choices = "|".join(_flat(choice) for choice in known.choices)
            value = f", Value:{choices}" if choices else ""
            attributes.setdefault(names[known.name], f"{names[known.name]}\tArg:<ANY>{value}")
        parts: tuple[tuple[str, Iterable[str]], ...] = (
            ("entities", entities),
            ("relations", ()),
            ("events", events),
            ("attributes", attributes.values()),
        )
        return "\n".join(f"[{title}]\n" + "".join(f"{line}\n" for line in lines) for title, lines in parts)


def _kind(link_type: LinkType, link: Link, held: Mapping[str, list[str]]) -> str:
    """Which record a link is: an equivalence, a relation of two, or an event."""
    if list(held) == [EQUIVALENT] and len(link_type.roles) == 1 and not link.fields and not link.note:
        return "*"
    if TRIGGER not in held and len(held) == 2 and all(len(members) == 1 for members in held.values()):
        return "R"
    return "E"


def written(text: str, fragments: tuple[Fragment, ...]) -> tuple[str, str]:
    """Offsets and text as brat writes them: a fragment ends at each line break."""
    if len(fragments) == 1:
        start, end = fragments[0]
        quote = text[start:end]
        if "\n" not in quote:
            return f"{start} {end}", quote
    places, quotes = [], []
    for start, end in fragments:
        at = start
        for piece in _BREAKS.split(text[start:end]):
            at = text.index(piece, at, end) if piece else at
            if piece:
                places.append(f"{at} {at + len(piece)}")
                quotes.append(piece)
                at += len(piece)
    return ";".join(places), " ".join(quotes)


def _told(value: FieldValue) -> Iterator[str]:
    """The values as they stand behind an attribute's target; yes is the attribute alone."""
    if value is True:
        yield ""
    elif value is False:
        yield " false"
    else:
        for item in value if isinstance(value, list) else [value]:
            told = _flat(str(item))
            if told:
                yield f" {told}"


def _flat(text: str) -> str:
    return one_line(text)
