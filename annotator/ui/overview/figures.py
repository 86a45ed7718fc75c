"""What each chart of the overview says, in words and numbers: plain data for the charts, the tables and the pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from annotator.domain.codebook import Codebook
from annotator.ui.panel import words
from annotator.ui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from annotator.services.overview import Count, FieldCounts, Overview, Pick, Weeks

Kind = Literal["rows", "columns", "line"]
MOST_CHOICES = 12
"""Choices of one field that a chart shows; its table shows all."""
MOST_PARTS = 4
"""The same for what a bar is made of."""
LEAST_WEEKS = 8
_N = QT_TRANSLATE_NOOP
_STATUSES = {
    "new": _N("Overview", "New"),
    "in progress": _N("Overview", "In progress"),
    "done": _N("Overview", "Done"),
}


class Tone(NamedTuple):
    """Which colour a bar takes: of a layer (`color` and `mark`), of a place in a stack (`number`), or a quiet one."""

    kind: Literal["plain", "quiet", "layer", "pale", "series"] = "plain"
    color: str = ""
    mark: str = ""
    number: int = 0


PLAIN = Tone()


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, a part of a bar or a point. Without a pick it is the heading of those that follow."""

    name: str
    count: int = 0
    pick: Pick | None = None
    tone: Tone = PLAIN
    whole: int = 0
    """What it is a share of; 0 where a share says nothing."""
    group: str = ""
    """The heading that it stands under, or the week of a stack that it is a part of."""
    place: int = 0
    """Its column, from the start."""
    level: int = 0
    charted: bool = True
    """Whether the chart has room for it; the table has."""

    @property
    def told(self) -> str:
        """The mark in words, with its number and share."""
        name = f"{self.group}, {self.name}" if self.group else self.name
        return f"{name}: {number(self.count)}{f' ({share(self.count, self.whole)})' if self.whole else ''}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart."""

    key: str
    title: str
    kind: Kind
    marks: tuple[Mark, ...]
    note: str = ""
    series: tuple[str, ...] = ()
    """What the parts of a stack are called, from the ground up."""
    starts: tuple[date, ...] = field(default=())
    """The first day of each column."""
    span: str = "day"
    tone: Tone = PLAIN


def tr(text: str) -> str:
    """A text of the overview in the language of the interface."""
    return QCoreApplication.translate("Overview", text)


def number(value: int) -> str:
    """A count as people read it."""
    return QLocale().toString(value)


def share(part: int, whole: int) -> str:
    """A part in per cent."""
    percent = 100 * part / whole if whole else 0.0
    text = QLocale().toString(percent, "f", 1) if 0 < percent < 1 else QLocale().toString(round(percent))
    return f"{text} %"


def day_name(day: date, span: str) -> str:
    """A day, a week by its first day, a month or a year."""
    when = QDate(day.year, day.month, day.day)
    if span == "year":
        return str(day.year)
    if span == "month":
        return QLocale().toString(when, "MMM yyyy")
    text = QLocale().toString(when, "d MMM yyyy")
    return tr("Week of {day}").replace("{day}", text) if span == "week" else text


def status_name(status: str) -> str:
    """A status of an article."""
    return tr(_STATUSES[status]) if status in _STATUSES else status


def figures(overview: Overview, codebook: Codebook) -> list[Figure]:
    """All charts that have something to show, in the order of the page."""
    found = [
        _statuses(overview),
        _made(overview),
        _finished(overview),
        _layers(overview, codebook),
        _timeline(overview),
    ]
    found += [_sources(overview, codebook)]
    for registry in codebook.registries:
        found.append(_entries(registry.id, registry.name, overview.entries.get(registry.id, ())))
    found += _fields(overview, codebook)
    return [figure for figure in found if figure is not None]


def _in_all(count: int) -> str:
    return tr("{n} in all").replace("{n}", number(count))


def _bar(name: str, count: Count, whole: int, tone: Tone = PLAIN, **more: object) -> Mark:
    return Mark(name, count.count, count.pick, tone, whole, **more)  # type: ignore[arg-type]


def _statuses(overview: Overview) -> Figure:
    whole = sum(count.count for count in overview.statuses)
    marks = tuple(_bar(status_name(count.key), count, whole) for count in overview.statuses)
    done = next((count.count for count in overview.statuses if count.key == "done"), 0)
    note = tr("{done} of {n} are done ({share})").replace("{share}", share(done, whole))
    note = note.replace("{done}", number(done)).replace("{n}", number(whole))
    return Figure("statuses", tr("Articles by status"), "rows", marks, note)


def _stacked(key: str, title: str, weeks: Weeks, note: str) -> Figure | None:
    """Weeks before the first one are shown too, where there are few: a bar is a week, not a wall."""
    if not weeks.bars:
        return None
    days = [date.fromisoformat(bar.key) for bar in weeks.bars]
    before = max(0, min(LEAST_WEEKS - len(days), days[0].toordinal() // 7 - 1))
    starts = (*(days[0] - timedelta(7 * back) for back in range(before, 0, -1)), *days)
    marks = tuple(
        Mark(
            part.key,
            part.count,
            part.pick,
            Tone("series", number=at),
            group=day_name(start, "week"),
            place=before + place,
        )
        for place, (start, bar) in enumerate(zip(days, weeks.bars, strict=True))
        for at, part in enumerate(bar.under)
        if part.count
    )
    return Figure(key, title, "columns", marks, note, weeks.coders, starts, "week")


def _made(overview: Overview) -> Figure | None:
    note = tr("{n} have no time.").replace("{n}", number(overview.made.without)) if overview.made.without else ""
    return _stacked("made", tr("Annotations by week and coder"), overview.made, note)


def _finished(overview: Overview) -> Figure | None:
    without = overview.finished.without
    note = tr("{n} were done when they came.").replace("{n}", number(without)) if without > 0 else ""
    return _stacked("finished", tr("Articles done by week and coder"), overview.finished, note)


def _layers(overview: Overview, codebook: Codebook) -> Figure | None:
    whole = sum(count.count for count in overview.layers)
    if not whole:
        return None
    marks = []
    for count in overview.layers:
        layer = codebook.layers_by_id[count.key]
        marks.append(_bar(words.label(layer.name), count, whole, Tone("layer", layer.color, layer.mark)))
    return Figure("layers", tr("Annotations by layer"), "rows", tuple(marks), _in_all(whole))


def _timeline(overview: Overview) -> Figure | None:
    line = overview.timeline
    if not line.points:
        return None
    starts = tuple(date.fromisoformat(point.key) for point in line.points)
    marks = tuple(
        Mark(day_name(start, line.span), point.count, point.pick, place=place)
        for place, (start, point) in enumerate(zip(starts, line.points, strict=True))
        if point.count
    )
    note = ""
    if line.without:
        note = tr("{n} are in articles without a date.").replace("{n}", number(line.without))
    return Figure("timeline", tr("Claims by date of the article"), "line", marks, note, (), starts, line.span)


def _sources(overview: Overview, codebook: Codebook) -> Figure | None:
    sources = overview.sources
    if sources is None:
        return None
    layer = codebook.layers_by_id[sources.layer_id]
    tone = Tone("layer", layer.color, layer.mark)
    marks: list[Mark] = []
    for bar in sources.bars:
        name = words.label(bar.key) if bar.key else tr("Not set")
        shade = tone if bar.key else Tone("quiet")
        marks.append(_bar(name, bar, sources.total, shade, charted=bool(bar.count)))
        for at, part in enumerate(bar.under):
            under = words.label(part.key) if part.key else tr("Not set")
            pale = tone._replace(kind="pale")
            marks.append(_bar(under, part, bar.count, pale, group=name, level=1, charted=at < MOST_PARTS))
    title = tr("{layer} by {first} and {second}") if sources.kind else tr("{layer} by {first}")
    title = title.replace("{layer}", words.plural(layer))
    title = title.replace("{first}", words.choice(sources.identity)).replace("{second}", words.choice(sources.kind))
    note = ""
    if sources.anonymous is not None:
        count = sources.anonymous.count
        note = tr("{count} of {n} are anonymous ({share})").replace("{share}", share(count, sources.total))
        note = note.replace("{count}", number(count)).replace("{n}", number(sources.total))
    return Figure("sources", title, "rows", tuple(marks), note)


def _entries(id_: str, name: str, counts: Sequence[Count]) -> Figure | None:
    if not counts:
        return None
    titles = {"actors": tr("Actors mentioned most"), "claims": tr("Claims repeated most")}
    title = titles.get(name, tr("Mentioned most: {registry}").replace("{registry}", words.label(name)))
    return Figure(f"entries-{id_}", title, "rows", tuple(_bar(count.key, count, 0) for count in counts))


def _fields(overview: Overview, codebook: Codebook) -> list[Figure | None]:
    """One chart for each layer, link type and for the articles, with all their fields."""
    by_owner: dict[tuple[str, str], list[FieldCounts]] = {}
    for counts in overview.fields:
        by_owner.setdefault((counts.owner.kind, counts.owner.id), []).append(counts)
    found: list[Figure | None] = []
    for (kind, id_), fields in by_owner.items():
        tone = PLAIN
        if kind == "layer":
            layer = codebook.layers_by_id[id_]
            title, tone = words.plural(layer), Tone("layer", layer.color, layer.mark)
        elif kind == "link_type":
            title = words.label(codebook.link_types_by_id[id_].name)
        else:
            title = tr("Articles")
        marks: list[Mark] = []
        for counts in fields:
            marks += _choices(counts, tone)
        title = tr("{things} by field").replace("{things}", title)
        found.append(Figure(f"fields-{kind}-{id_}", title, "rows", tuple(marks), _in_all(fields[0].total)))
    return found


def _choices(counts: FieldCounts, tone: Tone) -> list[Mark]:
    head = words.label(counts.name)
    most = sorted(counts.choices, key=lambda count: -count.count)[:MOST_CHOICES]
    kept = {count.key for count in most}
    marks = [Mark(head)]
    for count in counts.choices:
        marks.append(_bar(words.label(count.key), count, counts.total, tone, group=head, charted=count.key in kept))
    if counts.open.count:
        marks.append(_bar(tr("Not set"), counts.open, counts.total, Tone("quiet"), group=head))
    return marks
