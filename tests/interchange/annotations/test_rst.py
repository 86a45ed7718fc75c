"""Attributions in RST trees: GUM's, and what a tree is made of."""

# ruff: noqa: E501 - files of other programs are as they are

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from annotator.domain.errors import FileRefused
from annotator.interchange.registry import Formats
from annotator.interchange.rst import RstImporter

TREE = """<rst><header><relations><rel name="attribution-positive" type="rst"/><rel name="attribution-negative" type="rst"/>
<rel name="elaboration" type="rst"/><rel name="joint" type="multinuc"/><rel name="same-unit" type="multinuc"/></relations></header><body>
<segment id="1" parent="12" relname="attribution-negative">Smith never said</segment>
<segment id="2" parent="10" relname="same-unit">that the deal</segment>
<segment id="3" parent="2" relname="elaboration">, a good one ,</segment>
<segment id="4" parent="11" relname="same-unit">was off</segment>
<segment id="5" parent="13" relname="joint">and left .</segment>
<group id="10" type="span" parent="12" relname="span"/><group id="11" type="span" parent="12" relname="span"/>
<group id="12" type="multinuc" parent="14" relname="span"/><group id="14" type="span" parent="13" relname="joint"/><group id="13" type="multinuc"/>
</body></rst>"""


def told(memory: Any) -> list[tuple[str, str, dict[str, Any]]]:
    layers = {layer.id: layer.name for layer in memory.codebook.layers}
    data = memory.of_documents[0]
    return [
        (layers[a.layer_id], " … ".join(data.text[s:e] for s, e in a.fragments), dict(a.fields))
        for a in data.annotations
    ]


def test_a_tree(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.rs4"
    path.write_text(TREE, "utf-8")
    assert Formats().importer(path).name == "rst"
    memory = tools.read(RstImporter(), path)
    assert memory.of_documents[0].text == "Smith never said that the deal , a good one , was off and left ."
    assert told(memory) == [
        ("Claim", "that the deal , a good one , was off", {"polarity": "denied"}),
        ("Source", "Smith never said", {}),
    ]
    (link,) = memory.of_documents[0].links
    assert set(link.roles) == {"claim", "source"}
    assert [remark.text for remark in memory.remarks] == ["1 relations that are no attributions"]


def test_all_of_gum(tools: Any) -> None:
    folder = tools.shared("gum-news", "rs4")
    found = wanted = 0
    for path in sorted(folder.glob("*.rs4")):
        memory = tools.read(RstImporter(), path)
        found += len(memory.of_documents[0].links)
        wanted += len(re.findall(r'relname="attribution', path.read_text("utf-8")))
    assert found == wanted == 247


def test_trees_that_are_none(tools: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.rs4"
    path.write_text(TREE.replace('id="14" type="span" parent="13"', 'id="14" type="span" parent="12"'), "utf-8")
    assert len(tools.read(RstImporter(), path).of_documents) == 1
    path.write_text("<other/>")
    with pytest.raises(FileRefused, match="no RST tree"):
        tools.read(RstImporter(), path)
