"""The overview: every bar lists just what it counts, whatever is in the project and whatever narrows it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.codebook import Field
from annotator.domain.codebook_edit import DOCUMENTS
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.errors import Cancelled
from annotator.domain.model import STATUSES, Annotation, Coder, Document, Entry, Fragment, Link
from annotator.domain.text import digest
from annotator.services.overview import Count, Overview, Scope, behind, lines, look
from annotator.services.project import Project
from annotator.services.templates import template
from tests.services.conftest import Desk

DATES = (
    "",
    "2024",
    "2025-12",
    "2025-12-31",
    "2026-01-01",
    "2026-01-05",
    "2026-03-02",
    "2026-03-02T10:00:00Z",
    "in May",
)
TIMES = ("", "2026-01-04T23:59:59.999Z", "2026-01-05T00:00:00.000Z", "2026-01-30T12:00:00.000Z")
CODERS = (Coder("k1", "Ana"), Coder("k2", "Ben"))
RELATION = DEFAULT_CODEBOOK.link_types_by_name["Claim relation"]
ENTRIES = (Entry("e1", "registry-actors", "Syria"), Entry("e2", "registry-claims", "The deal stands"))


def bars(overview: Overview) -> Iterator[Count]:
    """Every bar and part of one."""

    def inside(thing: object) -> Iterator[Count]:
        if isinstance(thing, Count):
            yield thing
            yield from inside(thing.under)
        elif isinstance(thing, (tuple, list)):
            for part in thing:
                yield from inside(part)
        elif isinstance(thing, dict):
            yield from inside(tuple(thing.values()))
        elif hasattr(thing, "__dataclass_fields__"):
            for known in fields(thing):
                yield from inside(getattr(thing, known.name))

    yield from inside(overview)


@st.composite
def projects(draw: st.DrawFn) -> list[tuple[Document, str, list[Annotation], list[Link]]]:
    made = []
    for number in range(draw(st.integers(0, 4))):
        told = draw(st.sampled_from(DATES))
        text = f"{number} " + "word " * 12
        metadata = {**({"date": told} if told else {}), **({"desk": "home"} if draw(st.booleans()) else {})}
        document = Document(
            f"d{number}", f"Article {number}", digest(text), draw(st.sampled_from(STATUSES)), metadata, number
        )
        annotations = []
        for at in range(draw(st.integers(0, 5))):
            layer = draw(st.sampled_from(DEFAULT_CODEBOOK.layers))
            values = {
                f.name: draw(st.sampled_from(f.choices)) for f in layer.fields if f.choices and draw(st.booleans())
            }
            if layer.name == "Cue" and draw(st.booleans()):
                values["hedged"] = draw(st.booleans())
            entries = tuple(
                e.id
                for e in ENTRIES
                if layer.registry and e.registry_id.endswith(layer.registry) and draw(st.booleans())
            )
            annotations.append(
                Annotation(
                    f"a{number}-{at}", document.id, layer.id, draw(st.sampled_from(CODERS)).id, (Fragment(at, at + 4),),
                    entries, values, created=draw(st.sampled_from(TIMES)),
                )
            )  # fmt: skip
        claims = [a.id for a in annotations if a.layer_id == "layer-claim"]
        roles = {RELATION.roles[0].name: tuple(claims[:1])}
        links = [Link(f"l{number}", document.id, RELATION.id, "k1", roles, {"relation": "supports"})] if claims else []
        made.append((document, text, annotations, links))
    return made


SCOPES = st.builds(
    Scope,
    st.sampled_from(("", *STATUSES)),
    st.sampled_from(("", "k1", "k2")),
    st.sampled_from(("", "2025", "2026-01-01", "2026-02")),
    st.sampled_from(("", "2025-12-99", "2026-03-02-99")),
)


@settings(max_examples=40)
@given(projects(), SCOPES)
def test_every_bar_lists_what_it_counts(
    documents: list[tuple[Document, str, list[Annotation], list[Link]]], scope: Scope
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(Path(folder) / "p.annot")
        project.coding.add_field(DOCUMENTS, Field("desk", "choice", ("home", "abroad"))).apply()
        with project.step("Import {what}", "all") as step:
            step.add([*CODERS, *ENTRIES])
            for document, text, annotations, links in documents:
                step.add_text(text)
                step.add(document)
                step.add(annotations)
                step.add(links)
        overview = look(project, scope)
        for bar in bars(overview):
            places = behind(project, scope, bar.pick)
            assert len(places) == bar.count, bar
            assert len(lines(project, bar.pick.thing, places)) == bar.count
            assert not bar.under or sum(part.count for part in bar.under) == bar.count
        layers = sum(bar.count for bar in overview.layers)
        assert layers == sum(bar.count for bar in overview.made.bars) + overview.made.without
        claims = next(bar.count for bar in overview.layers if bar.key == "layer-claim")
        assert claims == sum(point.count for point in overview.timeline.points) + overview.timeline.without
        for counts in overview.fields:
            assert sum(bar.count for bar in counts.choices) + counts.open.count == counts.total
        if overview.sources is not None:
            assert sum(bar.count for bar in overview.sources.bars) == overview.sources.total
        if not scope.narrows:
            assert overview.totals == {
                "documents": len(documents),
                "annotations": sum(len(found) for _, _, found, _ in documents),
                "links": sum(len(found) for *_, found in documents),
            }
        project.close()


def test_articles_count_for_the_week_and_the_coder_that_made_them_done(desk: Desk) -> None:
    project = desk.project
    project.coder = "R. Amin"
    other = project.documents.add("Another", "Some other text.").id
    assert look(project, Scope()).finished.bars == ()
    project.documents.edit(desk.document_id, status="done")
    project.coder = "Ben"
    project.documents.edit(other, status="done")
    project.documents.edit(other, status="in progress")
    project.documents.edit(other, status="done")
    (week,) = look(project, Scope()).finished.bars
    assert date.today() - date.fromisoformat(week.key) < timedelta(8)
    assert date.fromisoformat(week.key).weekday() == 0
    assert week.count == 2
    assert {part.key: part.count for part in week.under} == {"R. Amin": 1, "Ben": 1}
    assert {place.document_id for place in behind(project, Scope(), week.pick)} == {desk.document_id, other}
    project.undo()
    assert [bar.count for bar in look(project, Scope()).finished.bars] == [1]
    project.redo()
    with project.step("Import {what}", "one") as step:
        step.add(Document("d9", "Done before", step.add_text("Text that came."), "done", {}, 9))
    assert look(project, Scope()).finished.without == 1


def test_a_sparse_project_does_not_fill_centuries(desk: Desk) -> None:
    project = desk.project
    desk.tag("claim", "The deal is good")
    for year in ("0001-01-01", "9998-01-01"):
        document = project.documents.add(f"Of {year}", f"The deal is good in {year}.", {"date": year})
        project.tagging.tag(document.id, "layer-claim", (Fragment(0, 8),))
    timeline = look(project, Scope()).timeline
    assert [point.count for point in timeline.points] == [1, 1]
    assert (timeline.span, timeline.without) == ("year", 1)


def test_counting_can_be_stopped(desk: Desk) -> None:
    def stop() -> None:
        raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        look(desk.project, Scope(), stop)


def test_sources_without_kinds_are_told_by_identity_alone(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p.annot", codebook=template("polnear").codebook)
    document = project.documents.add("An article", "Somebody said so. Nobody else did.")
    layer = project.codebook.layers_by_name["Source"]
    identity = layer.fields[0]
    for start, choice in ((0, identity.choices[0]), (18, identity.choices[-1])):
        project.tagging.tag(document.id, layer.id, (Fragment(start, start + 6),), fields={identity.name: choice})
    sources = look(project, Scope()).sources
    assert sources is not None
    assert (sources.identity, sources.kind, sources.total) == (identity.name, "", 2)
    assert [bar.key for bar in sources.bars if bar.count] == [identity.choices[0], identity.choices[-1]]
    assert all(bar.under == () for bar in sources.bars)
    project.close()
