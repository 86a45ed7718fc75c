"""Networks as networkx reads them back, against counts made the plain way."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from itertools import combinations, product
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.errors import FileRefused
from annotator.domain.exchange import Exporter
from annotator.domain.model import Annotation, Document, DocumentData, Entry, Fragment, Link
from annotator.interchange.analysis.graph_files import GexfExporter, GraphmlExporter
from annotator.interchange.analysis.networks import NAMES
from annotator.interchange.analysis.statements import day, sign

READERS = {GraphmlExporter: networkx.read_graphml, GexfExporter: networkx.read_gexf}


def graphs(exporter: Any, source: Any, lab: Any) -> dict[str, Any]:
    with zipfile.ZipFile(lab.written(exporter(), source)) as archive:
        assert archive.namelist() == [f"{name}{exporter.ending}" for name in NAMES]
        return {name: READERS[exporter](io.BytesIO(archive.read(name + exporter.ending))) for name in NAMES}


def test_they_are_exporters() -> None:
    assert isinstance(GraphmlExporter(), Exporter)
    assert isinstance(GexfExporter(), Exporter)


@pytest.fixture
def debate(lab: Any) -> Any:
    """Three actors, two claims, three days: Ana asserts peace twice and Ben denies it; Cal passes on what Ben says."""
    entries = [
        Entry(id_, "registry-actors", name) for id_, name in (("ana", "Ana"), ("ben", "Ben"), ("cal", "Cal & co"))
    ]
    entries += [Entry(id_, "registry-claims", id_, fields={"issue": "X"}) for id_ in ("peace", "trade")]
    documents = []

    def add(date: str, *said: tuple[str, str, str], by: str = "") -> None:
        id_ = f"d{len(documents)}"
        annotations, links = [], []
        for number, (actor, claim, polarity) in enumerate(said):
            at = (Fragment(number, number + 1),)
            annotations.append(Annotation(f"{id_}s{number}", id_, "layer-source", "c", at, (actor,) if actor else ()))
            fields = {"polarity": polarity} if polarity else {}
            annotations.append(Annotation(f"{id_}c{number}", id_, "layer-claim", "c", at, (claim,), fields))
            roles = {"claim": (f"{id_}c{number}",), "source": (f"{id_}s{number}",)}
            links.append(Link(f"{id_}k{number}", id_, "link-attribution", "c", roles))
        if by:
            annotations.append(Annotation(f"{id_}r", id_, "layer-source", "c", (Fragment(9, 10),), (by,)))
            roles = {"claim": (f"{id_}k0",), "source": (f"{id_}r",)}
            links.append(Link(f"{id_}kr", id_, "link-attribution", "c", roles))
        document = Document(id_, id_, "", metadata={"date": date})
        documents.append(DocumentData(document, "Word word x", tuple(annotations), tuple(links)))

    add("2026-01-01", ("ana", "peace", "asserted"))
    add("2026-01-02", ("ana", "peace", ""), ("ben", "trade", "asserted"), ("ana", "trade", "asserted"))
    add("2026-01-03", ("ben", "peace", "denied"), by="cal")
    add("no day", ("", "peace", "denied"))
    return lab.Study(of_entries=entries, of_documents=documents)


@pytest.mark.parametrize("exporter", READERS)
def test_signs_congruence_conflict_relays_and_dates(exporter: Any, debate: Any, lab: Any) -> None:
    found = graphs(exporter, debate, lab)
    claims = found["actor-claim"]
    assert claims.is_directed()
    edge = claims.edges["a:ana", "c:peace"]
    assert (edge["weight"], edge["asserted"], edge["denied"], edge["sign"]) == (2, 2, 0, 1.0)
    assert (edge["first_date"], edge["last_date"], edge["dates"]) == (
        "2026-01-01",
        "2026-01-02",
        "2026-01-01 2026-01-02",
    )
    assert claims.edges["a:ben", "c:peace"]["sign"] == -1.0
    assert claims.nodes["c:peace"]["kind"] == "claim"
    assert claims.nodes["c:peace"]["claims.issue"] == "X"
    assert claims.nodes["a:ana"]["claims.issue"] == ""
    words = "a:actor:w"
    assert (claims.nodes[words]["label"], claims.nodes[words]["entry"]) == ("W", "")
    assert claims.edges[words, "c:peace"]["dates"] == ""
    # Cal passes on and does not say.
    assert "a:cal" not in claims

    actors = found["actor-actor"]
    assert not actors.is_directed()
    edge = actors.edges["ana", "ben"]
    assert (edge["congruence"], edge["conflict"], edge["net"], edge["weight"]) == (1, 1, 0, 2)
    assert (edge["first_date"], edge["last_date"]) == ("2026-01-02", "2026-01-03")
    assert actors.edges["ben", "actor:w"]["congruence"] == 1
    assert actors.edges["ana", "actor:w"]["conflict"] == 1

    relay = found["relay"]
    assert list(relay.edges) == [("ben", "cal")]
    assert relay.nodes["cal"]["label"] == "Cal & co"

    together = found["co-occurrence"]
    assert together.edges["ana", "ben"]["weight"] == 1
    assert together.nodes["peace"]["documents"] == 4
    assert not together.has_edge("ana", "cal")


def test_time_in_gexf(debate: Any, lab: Any) -> None:
    whole = lab.written(GexfExporter(), debate, name="actor-claim.gexf").read().decode()
    assert 'timeformat="date"' in whole
    assert 'start="2026-01-01" end="2026-01-02"' in whole
    claims = graphs(GexfExporter, debate, lab)["actor-claim"]
    assert (claims.nodes["c:peace"]["start"], claims.nodes["c:peace"]["end"]) == ("2026-01-01", "2026-01-03")


@pytest.mark.parametrize("exporter", READERS)
def test_the_sample(exporter: Any, lab: Any) -> None:
    found = graphs(exporter, lab.sample(), lab)
    [(said_by, passed_on_by, values)] = found["relay"].edges(data=True)
    labels = found["relay"].nodes(data="label")
    assert (labels[said_by], labels[passed_on_by]) == ("Syrian official (anonymous)", "Western media")
    assert (values["weight"], values["dates"]) == (2, "2026-01-06 2026-01-06")
    together = found["co-occurrence"]
    assert len(together.edges) == 21 * 20 / 2
    assert sum(weight for *_, weight in found["actor-claim"].edges(data="weight")) == 19


@pytest.mark.parametrize("exporter", READERS)
@given(data=st.data())
@settings(max_examples=30)
def test_any_project(exporter: Any, data: st.DataObject, lab: Any) -> None:
    study = data.draw(lab.studies())
    found = graphs(exporter, study, lab)
    pairs: Counter[frozenset[str]] = Counter()
    said = relayed = 0
    for item in study.of_documents:
        entries = {entry for annotation in item.annotations for entry in annotation.entries}
        pairs.update(frozenset(pair) for pair in combinations(entries, 2))
        by_id = {annotation.id: annotation for annotation in item.annotations}
        links = {link.id: link for link in item.links if link.type_id == "link-attribution"}

        def nodes(ids: Any, text: str = item.text, by_id: Any = by_id) -> set[str]:
            found: set[str] = set()
            for id_ in ids:
                quote = " … ".join(text[start:end] for start, end in by_id[id_].fragments)
                found |= set(by_id[id_].entries) or {" ".join(quote.split()).casefold()}
            return found

        for link in links.values():
            sources = nodes(link.roles.get("source", ()))
            for member in link.roles["claim"]:
                if member in by_id:
                    said += len(list(product(sources, nodes([member]))))
                else:
                    relayed += len(list(product(nodes(links[member].roles.get("source", ())), sources)))
    edges = found["co-occurrence"].edges(data="weight")
    assert {frozenset((one, other)): weight for one, other, weight in edges} == pairs
    edges = found["actor-claim"].edges(data=True)
    assert sum(values["asserted"] + values["denied"] for *_, values in edges) == said
    assert all(values["sign"] == (values["asserted"] - values["denied"]) / values["weight"] for *_, values in edges)
    assert sum(weight for *_, weight in found["relay"].edges(data="weight")) == relayed


def test_one_network_by_name(lab: Any) -> None:
    study = lab.sample()
    alone = networkx.read_graphml(lab.written(GraphmlExporter(), study, name="study-co-occurrence.graphml"))
    assert (len(alone), alone.is_directed()) == (21, False)
    default = networkx.read_graphml(lab.written(GraphmlExporter(), study, name="study.graphml"))
    assert default.is_directed()
    assert networkx.read_gexf(lab.written(GexfExporter(), study, network="relay")).number_of_edges() == 1
    with pytest.raises(FileRefused, match="no network “x”"):
        lab.written(GexfExporter(), study, network="x")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *(("2026-01-06", "2026-01-06"), ("2026-01-06T10:00:00Z", "2026-01-06"), ("2026-01", "2026-01-01")),
        *(
            ("2026", "2026-01-01"),
            ("2026-02-30", ""),
            ("6 January", ""),
            ("", ""),
            (2026, ""),
            ("٢٠٢٦", ""),
            (["2026"], ""),
        ),
    ],
)
def test_days(given: Any, expected: str) -> None:
    assert day({"date": given}) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        *(({}, 1), ({"polarity": "asserted"}, 1), ({"polarity": "denied"}, -1), ({"Agreement": False}, -1)),
        *(({"agreement": True}, 1), ({"agreement": 0}, -1), ({"agreement": 1}, 1), ({"polarity": ["denied"]}, 1)),
    ],
)
def test_signs(fields: Any, expected: int) -> None:
    assert sign(fields) == expected
    assert sign({}, fields) == expected
