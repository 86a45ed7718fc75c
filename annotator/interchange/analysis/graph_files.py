"""The networks as GraphML and GEXF: a file a network, all of them in one zip."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, BinaryIO

from annotator.domain.exchange import Source
from annotator.interchange.analysis.bundles import Bundle, part_asked_for
from annotator.interchange.analysis.networks import DEFAULT, NAMES, Network, Values, networks
from annotator.interchange.analysis.safe_text import xml_safe

if TYPE_CHECKING:
    import networkx

_LOSES = (
    "A network counts; the articles, annotations and links themselves are left out, and no import reads it again.",
    "What has no entry is taken by its words, so the same thing in other words is another node; "
    "where texts are left out, it is left out with them.",
    "Dates are days; a month or a year alone counts from its first day, and other dates are left out.",
    "Codings of the same words by several coders each count.",
    "A file that is no zip or folder holds one network: the one in its name (study-relay{0}; actor-claim, actor-actor, "
    "relay, co-occurrence), else actor-claim.",
)


# The same project gives the same file, on whatever day.
_TODAY = re.compile(rb' lastmodifieddate="[^"]*"')


class _GraphExporter:
    name = ""
    title = ""
    ending = ""
    extensions: tuple[str, ...] = ()
    options: tuple[str, ...] = ("network",)
    textless = True
    loses: tuple[str, ...] = ()
    folders = True

    def write(self, source: Source, out: BinaryIO, options: Mapping[str, str]) -> None:
        """Every network into a zip, or one as it is."""
        alone = part_asked_for(options, NAMES, DEFAULT, self.ending, "network")
        if alone is not None:
            [name] = [name for name in NAMES if name == alone]
            for network in networks(source, (name,)):
                self._write_one(network, out)
            return
        with Bundle() as bundle:
            for network in networks(source):
                self._write_one(network, bundle.file(network.name + self.ending))
            bundle.pack(out)

    def _write_one(self, network: Network, out: BinaryIO) -> None:
        raise NotImplementedError


class GraphmlExporter(_GraphExporter):
    """Writes GraphML."""

    name = "graphml"
    title = "GraphML networks"
    ending = ".graphml"
    extensions = (".graphml.zip", ".graphml")
    loses = tuple(sentence.format(".graphml") for sentence in _LOSES)

    def _write_one(self, network: Network, out: BinaryIO) -> None:
        import networkx

        whole = io.BytesIO()
        networkx.write_graphml(_graph(network), whole)
        out.write(whole.getvalue())


class GexfExporter(_GraphExporter):
    """Writes GEXF, whose nodes and edges begin and end, so that Gephi can play the time."""

    name = "gexf"
    title = "GEXF networks"
    ending = ".gexf"
    extensions = (".gexf.zip", ".gexf")
    loses = tuple(sentence.format(".gexf") for sentence in _LOSES)

    def _write_one(self, network: Network, out: BinaryIO) -> None:
        import networkx

        graph = _graph(network)
        for values in (*(data for _, data in graph.nodes(data=True)), *(data for *_, data in graph.edges(data=True))):
            if values["first_date"]:
                values["start"], values["end"] = values["first_date"], values["last_date"]
                graph.graph["mode"] = "dynamic"
        whole = io.BytesIO()
        networkx.write_gexf(graph, whole)
        out.write(_TODAY.sub(b"", whole.getvalue(), count=1))


def _graph(network: Network) -> networkx.Graph[Any]:
    import networkx

    graph: networkx.Graph[Any] = networkx.DiGraph() if network.directed else networkx.Graph()
    graph.graph["name"] = f"{network.name}: {network.about}"
    # Fields of entries have a dot in their names. Every node gets every one, so that they make whole columns.
    fields = sorted({key for values in network.nodes.values() for key in values if "." in key})
    empty: Values = dict.fromkeys(fields, "")
    ids: dict[str, str] = {}
    for number, (node, values) in enumerate(network.nodes.items(), 1):
        ids[node] = node if xml_safe(node) == node else f"node {number}"
        graph.add_node(ids[node], **_safe({**empty, **values}))
    for (one, other), values in network.edges.items():
        graph.add_edge(ids[one], ids[other], **_safe(values))
    return graph


def _safe(values: Values) -> Values:
    return {xml_safe(key): xml_safe(value) if isinstance(value, str) else value for key, value in values.items()}
