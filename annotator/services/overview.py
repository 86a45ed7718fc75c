"""How a project stands: counts for charts, each with what it takes to list the things that it counts.

overview = look(project, Scope(), control)
overview.layers[0].count                     # 48 annotations of the first layer
behind(project, Scope(), overview.layers[0].pick)   # where they are
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from annotator.domain.codebook import Codebook, Field, Layer
from annotator.domain.codebook_edit import Kind, Owner
from annotator.domain.model import STATUSES, FieldValue
from annotator.storage import todo as words
from annotator.storage.overview import Counts, Pick, Place, Scope, choices_in

if TYPE_CHECKING:
    from annotator.services.project import Project

__all__ = ["Count", "FieldCounts", "Line", "Overview", "Pick", "Place", "Scope", "Weeks", "behind", "lines", "look"]

TOP = 12
"""Entries that are named."""
_CHOICES = ("choice", "multi-choice", "boolean")
Span = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Count:
    """A bar: what it is called (a status, a choice, an id), how much it is, and what lists it."""

    key: str
    count: int
    pick: Pick
    under: tuple[Count, ...] = ()
    """What it is made of."""


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """The choices of one field and how often each is chosen; `open` counts those without a value."""

    owner: Owner
    name: str
    choices: tuple[Count, ...]
    open: Count
    total: int


@dataclass(frozen=True, slots=True)
class Weeks:
    """Counts by week, without gaps; the key of a bar is its Monday, that of a part the coder."""

    bars: tuple[Count, ...] = ()
    coders: tuple[str, ...] = ()
    """Names; those who did most first."""
    without: int = 0
    """How many have no time."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Who is quoted: the field `identity`, with the choices of the field `kind` ("" for none) under each of its own."""

    layer_id: str
    identity: str
    kind: str
    bars: tuple[Count, ...]
    total: int
    anonymous: Count | None
    """Those whose identity is so called, where the codebook has that choice."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Claims by the date of their articles, without gaps; the key of a point is the first day of its span."""

    span: Span = "day"
    points: tuple[Count, ...] = ()
    without: int = 0
    """How many claims are in articles without a date."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All that the page shows."""

    statuses: tuple[Count, ...]
    made: Weeks
    finished: Weeks
    layers: tuple[Count, ...]
    fields: tuple[FieldCounts, ...]
    entries: Mapping[str, tuple[Count, ...]]
    """The entries of a registry that are mentioned most, by the registry's id; the key of a bar is the name."""
    sources: Sources | None
    timeline: Timeline
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is no article to tell of."""
        return not sum(count.count for count in self.statuses)


def look(project: Project, scope: Scope, check: Callable[[], None] = lambda: None) -> Overview:
    """Count everything. `check` is called between the parts and may raise Cancelled."""
    with project.reading() as queries:
        codebook, counts = project.codebook, Counts(queries.connection, scope)
        coders = {coder.id: coder.name for coder in queries.coders()}
        statuses = counts.statuses()
        check()
        made = _made(counts, coders)
        check()
        finished = _finished(counts, coders.get(scope.coder_id, ""))
        check()
        held = counts.held()
        check()
        fields = _all_fields(codebook, held, counts)
        check()
        entries = {registry.id: _entries(counts, registry.id) for registry in codebook.registries}
        check()
        by_layer = {owner: sum(count for _, count in values) for owner, values in held.items()}
        return Overview(
            tuple(Count(s, statuses.get(s, 0), Pick("document", status=s)) for s in STATUSES),
            made,
            finished,
            tuple(
                Count(layer.id, by_layer.get(layer.id, 0), Pick("annotation", (layer.id,))) for layer in codebook.layers
            ),
            fields,
            entries,
            _sources(codebook, held),
            _timeline(counts, codebook.layers_in_role("claim")),
            {
                "documents": sum(statuses.values()),
                "annotations": sum(by_layer.get(layer.id, 0) for layer in codebook.layers),
                "links": sum(by_layer.get(link_type.id, 0) for link_type in codebook.link_types),
            },
        )


def behind(project: Project, scope: Scope, pick: Pick) -> list[Place]:
    """What a bar counts, in the order of the project and of the text."""
    with project.reading() as queries:
        return Counts(queries.connection, scope).places(pick)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of such a list: where it leads, and how it reads."""

    id: str
    document_id: str
    annotation_id: str
    """"" where it leads to the article as a whole."""
    words: str
    """The tagged words; for an article its title."""
    title: str
    date: str
    layer_id: str = ""


def lines(project: Project, thing: str, places: Iterable[Place]) -> list[Line]:
    """How some of these places read. What is gone meanwhile is left out."""
    wanted = list(places)
    connection = project.store.connection
    rows = {row.id: row for row in project.documents.rows_by_id({place.document_id for place in wanted})}
    heads: dict[str, str] = {}
    if thing == "link":
        heads = {link: id_ for link, (id_, _) in words.first_annotations(connection, [p.id for p in wanted]).items()}
    elif thing == "annotation":
        heads = {place.id: place.id for place in wanted}
    told = words.words_of(connection, set(heads.values()))
    layers = {a.id: a.layer_id for a in project.documents.annotations_by_id(sorted(set(heads.values())))}
    found = []
    for place in wanted:
        row = rows.get(place.document_id)
        if row is not None:
            head = heads.get(place.id, "")
            text = " ".join(told.get(head, "").split()) or row.title
            found.append(Line(place.id, row.id, head, text, row.title, row.date, layers.get(head, "")))
    return found


# Weeks


def _made(counts: Counts, coders: Mapping[str, str]) -> Weeks:
    by_week: dict[date, Counter[str]] = {}
    totals: Counter[str] = Counter()
    without = 0
    for day, coder, count in counts.made():
        when = _day(day)
        if when is None:
            without += count
        else:
            by_week.setdefault(_monday(when), Counter())[coder] += count
            totals[coder] += count
    order = [coder for coder, _ in totals.most_common()]
    bars = []
    for monday in _steps(by_week, "week"):
        held = by_week.get(monday, Counter())
        since, until = str(monday), str(monday + timedelta(6))
        pick = Pick("annotation", made_since=since, made_until=until)
        parts = tuple(
            Count(
                coders.get(c, ""),
                held[c],
                Pick("annotation", coder_id=c, made_since=since, made_until=until),
            )
            for c in order
        )
        bars.append(Count(str(monday), sum(held.values()), pick, parts))
    return Weeks(tuple(bars), tuple(coders.get(c, "") for c in order), without)


def _finished(counts: Counts, only: str) -> Weeks:
    by_week: dict[date, dict[str, list[str]]] = {}
    totals: Counter[str] = Counter()
    for day, coder, id_ in counts.finished():
        when = _day(day)
        if when is not None and only in ("", coder):
            by_week.setdefault(_monday(when), {}).setdefault(coder, []).append(id_)
            totals[coder] += 1
    order = [coder for coder, _ in totals.most_common()]
    bars = []
    for monday in _steps(by_week, "week"):
        held = by_week.get(monday, {})
        every = tuple(id_ for ids in held.values() for id_ in ids)
        parts = tuple(Count(c, len(held.get(c, ())), Pick("document", ids=tuple(held.get(c, ())))) for c in order)
        bars.append(Count(str(monday), len(every), Pick("document", ids=every), parts))
    without = 0 if only else counts.statuses().get("done", 0) - sum(totals.values())
    return Weeks(tuple(bars), tuple(order), without)


# Fields


_Held = Mapping[str, list[tuple[dict[str, FieldValue], int]]]


def _all_fields(codebook: Codebook, held: _Held, counts: Counts) -> tuple[FieldCounts, ...]:
    """Every field with choices of what there is."""
    owners: list[tuple[Kind, str, tuple[Field, ...]]] = [
        *(("layer", layer.id, layer.fields) for layer in codebook.layers),
        *(("link_type", link_type.id, link_type.fields) for link_type in codebook.link_types),
    ]
    found = [
        _field(Owner(kind, id_), known, held[id_], Pick("annotation" if kind == "layer" else "link", (id_,)))
        for kind, id_, fields in owners
        for known in fields
        if known.type in _CHOICES and id_ in held
    ]
    of_documents = [known for known in codebook.document_fields if known.type in _CHOICES]
    if of_documents:
        values = [(values, 1) for values in counts.metadata()]
        found += [_field(Owner("documents", ""), known, values, Pick("document")) for known in of_documents]
    return tuple(found)


def _field(owner: Owner, known: Field, held: list[tuple[dict[str, FieldValue], int]], pick: Pick) -> FieldCounts:
    counted: Counter[str] = Counter()
    without = 0
    for values, many in held:
        chosen = choices_in(values.get(known.name))
        without += 0 if chosen else many
        for choice in chosen:
            counted[choice] += many

    def count(choice: str | None, number: int) -> Count:
        return Count(choice or "", number, _with(pick, (known.name, choice)))

    listed = ("yes", "no") if known.type == "boolean" else known.choices
    others = [choice for choice in counted if choice not in listed]
    choices = tuple(count(choice, counted[choice]) for choice in (*listed, *others))
    return FieldCounts(owner, known.name, choices, count(None, without), sum(number for _, number in held))


def _with(pick: Pick, *values: tuple[str, str | None]) -> Pick:
    return Pick(pick.thing, pick.owners, (*pick.values, *values))


def _sources(codebook: Codebook, held: _Held) -> Sources | None:
    """Identity by kind, in the first layer of sources that has a field with choices."""
    for layer in codebook.layers_in_role("source"):
        fields = [known for known in layer.fields if known.type == "choice"]
        named = {known.name: known for known in fields}
        identity = named.get("identity") or next((known for known in fields if "anonymous" in known.choices), None)
        kind = named.get("kind") or next((known for known in fields if known is not identity), None)
        if identity is not None and layer.id in held:
            return _crossed(layer, identity, kind, held[layer.id])
    return None


def _crossed(
    layer: Layer, identity: Field, kind: Field | None, held: list[tuple[dict[str, FieldValue], int]]
) -> Sources:
    pairs: Counter[tuple[str, str]] = Counter()
    for values, count in held:
        seconds = choices_in(values.get(kind.name)) if kind is not None else ()
        for first in choices_in(values.get(identity.name)) or ("",):
            for second in seconds or ("",):
                pairs[first, second] += count
    bars = []
    pick = Pick("annotation", (layer.id,))
    for first in (*identity.choices, ""):
        own = _with(pick, (identity.name, first or None))
        total = sum(number for (held_by, _), number in pairs.items() if held_by == first)
        under: tuple[Count, ...] = ()
        if kind is not None:
            parts = [(second, pairs[first, second]) for second in (*kind.choices, "") if pairs[first, second]]
            parts.sort(key=lambda part: (not part[0], -part[1]))
            under = tuple(Count(part, number, _with(own, (kind.name, part or None))) for part, number in parts)
        if total or first:
            bars.append(Count(first, total, own, under))
    anonymous = next((bar for bar in bars if bar.key == "anonymous"), None)
    total = sum(number for _, number in held)
    return Sources(layer.id, identity.name, kind.name if kind is not None else "", tuple(bars), total, anonymous)


# Entries


def _entries(counts: Counts, registry_id: str) -> tuple[Count, ...]:
    return tuple(
        Count(name, number, Pick("annotation", entry_id=id_)) for id_, name, number in counts.entries(registry_id, TOP)
    )


# Time


def _timeline(counts: Counts, claims: Iterable[Layer]) -> Timeline:
    layers = tuple(layer.id for layer in claims)
    if not layers:
        return Timeline()
    without = 0
    by_day: Counter[date] = Counter()
    for told, count in counts.dated(layers).items():
        day = _day(told)
        if day is None:
            without += count
        else:
            by_day[day] += count
    if not by_day:
        return Timeline(without=without)
    span = _span_for((max(by_day) - min(by_day)).days)
    by_span: Counter[date] = Counter()
    for day, count in by_day.items():
        by_span[_start(day, span)] += count
    points = []
    for start in _steps(by_span, span):
        end = _next(start, span) - timedelta(1)
        points.append(
            Count(str(start), by_span[start], Pick("annotation", layers, since=_since(start), until=str(end)))
        )
    return Timeline(span, tuple(points), without)


def _since(start: date) -> str:
    # A date may be but a year or a month: "2026" and "2026-01" count for their first day, and sort before it.
    text = str(start)
    return text[:4] if text.endswith("-01-01") else text[:7] if text.endswith("-01") else text


def _day(text: str) -> date | None:
    """The day of an ISO date; the first one of a month or a year."""
    try:
        return date.fromisoformat(f"{text}-01-01"[:10] if len(text) in (4, 7) else text[:10])
    except ValueError:
        return None


def _monday(day: date) -> date:
    return day - timedelta(day.weekday()) if day.toordinal() > 7 else day


def _span_for(days: int) -> Span:
    return "day" if days <= 45 else "week" if days <= 400 else "month" if days <= 366 * 8 else "year"


def _start(day: date, span: Span) -> date:
    match span:
        case "day":
            return day
        case "week":
            return _monday(day)
        case "month":
            return day.replace(day=1)
        case _:
            return day.replace(month=1, day=1)


def _next(start: date, span: Span) -> date:
    match span:
        case "day":
            return start + timedelta(1)
        case "week":
            return start + timedelta(7)
        case "month":
            return (start.replace(day=28) + timedelta(4)).replace(day=1)
        case _:
            return start.replace(year=start.year + 1)


_MOST_STEPS = 600


def _steps(held: Mapping[date, object], span: Span) -> list[date]:
    """Every span from the first to the last that is held; only those that are, where too many lie between."""
    if not held:
        return []
    found, last = [min(held)], max(held)
    while found[-1] < last and len(found) <= _MOST_STEPS:
        found.append(_next(found[-1], span))
    return found if found[-1] >= last else sorted(held)
