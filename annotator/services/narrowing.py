"""What the filters of a query mean in this project: names become ids, and each filter a condition for the storage."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from annotator.domain.codebook import Field, Layer, LinkType
from annotator.domain.errors import InvalidValue
from annotator.domain.model import STATUSES, Entry
from annotator.domain.query import Filter, Query
from annotator.storage import narrowing as n
from annotator.storage.narrowing import Condition, folded
from annotator.storage.search import Narrowing

if TYPE_CHECKING:
    from annotator.services.project import Project

DOCUMENT_KEYS = ("status", "from", "to", "date", "title")
PLACE_KEYS = ("layer", "entry", "coder", "by", "through", "about", "with", "without", "note")
KNOWN_METADATA = ("outlet", "author", "url", "language")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class Resolver:
    """Reads filters against the codebook, the entries, the coders and the metadata of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._book = project.codebook
        self._layers = {folded(layer.name): layer for layer in self._book.layers}
        self._types = {folded(type_.name): type_ for type_ in self._book.link_types}
        self._metadata: dict[str, str] | None = None

    # Names

    def is_key(self, key: str) -> bool:
        """Whether a word before a colon names something to filter by."""
        form = folded(key)
        return (
            form in (*DOCUMENT_KEYS, *PLACE_KEYS, *KNOWN_METADATA)
            or form.startswith(("meta.", "entry.", "field."))
            or bool(self._fields(form))
            or form in self.metadata_keys()
        )

    def is_thing(self, word: str) -> bool:
        """Whether a word names a layer or a link type; an s at its end does no harm."""
        return self._thing(word) is not None

    def metadata_keys(self) -> dict[str, str]:
        """The keys that the articles' metadata have, as they are compared and as they are written."""
        if self._metadata is None:
            known = [field.name for field in self._book.document_fields]
            self._metadata = {folded(key): key for key in (*known, *self._project.store.metadata_keys())}
        return self._metadata

    def _thing(self, word: str) -> Layer | LinkType | None:
        form = folded(word)
        for name in (form, form.removesuffix("s")):
            if name in self._layers:
                return self._layers[name]
            if name in self._types:
                return self._types[name]
        return None

    def _fields(self, form: str) -> list[Field]:
        owners: Iterable[Layer | LinkType] = (*self._book.layers, *self._book.link_types)
        return [field for owner in owners for field in owner.fields if folded(field.name) == form]

    # Conditions

    def narrowing(self, query: Query) -> Narrowing:
        """All filters of a query together. Raises InvalidValue for what is not known here."""
        thing = self._thing(query.thing) if query.thing else None
        conditions: list[Condition] = []
        against: list[Condition] = []
        on_link: list[Condition] = []
        for each in query.filters:
            made = self._one(each, thing)
            if isinstance(thing, LinkType) and made.on == "annotation":
                on_link.append(~made if each.negated else made)
            elif each.negated and made.on == "annotation":
                against.append(made)
            else:
                conditions.append(~made if each.negated else made)
        if isinstance(thing, Layer):
            conditions.append(n.in_layers((thing.id,)))
        elif thing is not None:
            first = next((role.name for role in thing.roles[:1] if role.min), "")
            conditions.append(n.anchors(thing.id, first, on_link))
        made_inside = any(condition.on == "annotation" for condition in conditions)
        if against and (made_inside or not query.words):
            conditions += [~condition for condition in against]
            against = []
        return Narrowing(tuple(conditions), tuple(against))

    def _one(self, each: Filter, thing: Layer | LinkType | None) -> Condition:
        key, value = folded(each.key), each.value.strip()
        if not value:
            raise InvalidValue(f"Say what “{each.key}” should be, as {each.key}:something.")
        match key:
            case "status":
                known = next((s for s in STATUSES if folded(s).replace(" ", "") == re.sub(r"[\s_-]", "", value)), None)
                if known is None:
                    raise InvalidValue(f"“{value}” is no status; there are {', '.join(STATUSES)}.")
                return n.status(known)
            case "from" | "to" | "date":
                if not _DATE.fullmatch(value):
                    raise InvalidValue(f"“{value}” is no date; write it as 2026-01-31, 2026-01 or 2026.")
                return n.dated(value, key)
            case "title":
                return n.titled(value)
            case "layer":
                found = self._thing(value)
                if not isinstance(found, Layer):
                    raise InvalidValue(f"“{value}” is no layer; there are {_list(x.name for x in self._book.layers)}.")
                return n.in_layers((found.id,))
            case "coder":
                return self._on(thing, n.by_coders(self._coders(value)))
            case "entry":
                ids = self._entries(value)
                return n.link_has_entry(ids) if isinstance(thing, LinkType) else n.of_entries(ids)
            case "by" | "through" | "about":
                return self._said(key, value, thing)
            case "with" | "without":
                made = self._with(value, thing)
                return ~made if key == "without" else made
            case "note":
                return self._on(thing, n.noted(value))
        return self._named(each, key, value, thing)

    def _on(self, thing: Layer | LinkType | None, condition: Condition) -> Condition:
        return n.of_link(condition) if isinstance(thing, LinkType) else condition

    def _coders(self, value: str) -> list[str]:
        coders = self._project.store.coders()
        found = [coder.id for coder in coders if _fits(coder.name, value)]
        if not found:
            raise InvalidValue(f"There is no coder “{value}”; there are {_list(coder.name for coder in coders)}.")
        return found

    def _entries(self, value: str) -> list[str]:
        found = [entry.id for entry in self._project.entries.all() if _named(entry, value)]
        if not found:
            raise InvalidValue(f"There is no entry “{value}”; put a * after the beginning of a name to find more.")
        return found

    def _said(self, key: str, value: str, thing: Layer | LinkType | None) -> Condition:
        ids = self._entries(value)
        if key == "about":
            about = self._book.about
            if about is None:
                raise InvalidValue("This codebook has no links that say what a claim is about.")
            return n.said_by(about.id, ids, "actor")
        attribution = self._book.attribution
        if attribution is None:
            raise InvalidValue("This codebook has no attributions, so nothing is said by anybody.")
        if isinstance(thing, LinkType):
            return n.link_has_entry(ids, "source")
        return n.said_by(attribution.id, ids) if key == "by" else n.passed_on_by(attribution.id, ids)

    def _with(self, value: str, thing: Layer | LinkType | None) -> Condition:
        """What `with:` asks for: entries, a note, a role beside it, a link of a type, or a value in a field."""
        form = folded(value)
        in_link = isinstance(thing, LinkType)
        if form in ("entry", "entries") and not in_link:
            return n.with_entries()
        if form in ("note", "notes"):
            return self._on(thing, n.noted("*"))
        types = [thing] if isinstance(thing, LinkType) else self._book.link_types
        for type_ in types:
            for role in type_.roles:
                if folded(role.name) == form:
                    return n.link_has_role(role.name) if in_link else n.linked(role.name)
        type_named = self._types.get(form)
        if type_named is not None and not in_link:
            return n.in_links(type_named.id)
        owners = [thing] if thing is not None else self._book.layers
        for owner in owners:
            for field in owner.fields:
                if folded(field.name) == form:
                    return self._on(thing, n.field_is(field.name, "*", whole=True))
        if form in self.metadata_keys():
            return n.has_metadata(self._key(form))
        raise InvalidValue(f"“{value}” is no role, field or kind of link here; there are {_list(self._withs(thing))}.")

    def _withs(self, thing: Layer | LinkType | None) -> list[str]:
        types = [thing] if isinstance(thing, LinkType) else self._book.link_types
        return ["entry", "note", *dict.fromkeys(role.name for type_ in types for role in type_.roles)]

    def _named(self, each: Filter, key: str, value: str, thing: Layer | LinkType | None) -> Condition:
        """A filter by a field of the codebook or a key of the metadata."""
        space, _, rest = key.partition(".")
        if space == "meta" and rest:
            return n.metadata(self._key(rest), value)
        if space == "entry" and rest:
            return n.of_entries([entry.id for entry in self._project.entries.all() if _has(entry, rest, value)])
        name = rest if space == "field" and rest else key
        owned = [field for field in (thing.fields if thing else ()) if folded(field.name) == name]
        fields = owned or self._fields(name)
        if fields:
            self._check_choice(fields, value)
            whole = any(field.type != "text" for field in fields)
            condition = n.field_is(fields[0].name, value, whole=whole)
            if isinstance(thing, LinkType):
                return n.of_link(condition)
            holders = [type_ for type_ in self._book.link_types if any(f in fields for f in type_.fields)]
            if holders and not any(f in fields for layer in self._book.layers for f in layer.fields):
                first = next((role.name for role in holders[0].roles[:1] if role.min), "")
                return n.anchors(holders[0].id, first, [n.of_link(condition)])
            return condition
        if name in KNOWN_METADATA or name in self.metadata_keys():
            return n.metadata(self._key(name), value)
        raise InvalidValue(
            f"“{each.key}” is neither a field nor a piece of metadata here; put “{each.key}:{value}” in quotation marks"
            " to search for the words."
        )

    def _check_choice(self, fields: list[Field], value: str) -> None:
        choices = [choice for field in fields for choice in field.choices]
        if all(field.type in ("choice", "multi-choice") for field in fields) and not any(
            _fits(choice, value) for choice in choices
        ):
            raise InvalidValue(f"“{value}” is no choice of {fields[0].name}; there are {_list(choices)}.")

    def _key(self, form: str) -> str:
        return self.metadata_keys().get(form, form)


def _fits(name: str, wanted: str) -> bool:
    form = folded(wanted)
    return folded(name).startswith(form[:-1]) if form.endswith("*") else folded(name) == form


def _named(entry: Entry, wanted: str) -> bool:
    return any(_fits(name, wanted) for name in (entry.name, *entry.aliases))


def _has(entry: Entry, field: str, wanted: str) -> bool:
    found = next((value for name, value in entry.fields.items() if folded(name) == field), None)
    values = found if isinstance(found, list) else [] if found is None else [found]
    return any(_fits("yes" if value is True else "no" if value is False else str(value), wanted) for value in values)


def _list(names: Iterable[str]) -> str:
    shown = list(dict.fromkeys(names))
    return ", ".join(shown[:8]) + (", …" if len(shown) > 8 else "")
