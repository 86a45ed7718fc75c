"""The samples keep what they promise: they are what a user sees first, and the first lesson in coding."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from annotator.domain.codebook import Field
from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.exchange import Header, Reading
from annotator.domain.model import DocumentData
from annotator.interchange.json_format import JsonImporter

RESOURCES = Path(__file__).parent.parent / "resources"
ENGLISH = RESOURCES / "sample" / "syria-israel-joint-statement.json"
ARABIC = Path(__file__).parent / "data" / "arabic.json"
SCHEMA = RESOURCES / "schema" / "annotator-project-1.schema.json"
SAMPLES = (ENGLISH, ARABIC)

Json = dict[str, Any]


class Row(NamedTuple):
    """One line of the attribution table: what the article says, who says it, and who passes it on."""

    begins: str
    source: str
    cues: tuple[str, ...]
    relayed_by: str = ""


NETANYAHU = "Israeli Prime Minister Benjamin Netanyahu's office"
THREE = "The United States, Syria, and Israel"
TABLE = (
    Row("Syria and Israel agreed today", "a joint statement from the three countries", ("", "in")),
    Row("senior Israeli and Syrian officials held a meeting in Paris", THREE, ("confirmed in a joint statement that",)),
    Row("the discussions focused on respecting", THREE, ("clarifying that",)),
    Row("both parties agreed to pursue", "The statement", ("clarified that",)),
    Row("its commitment to supporting the implementation", "Washington", ("reaffirmed",)),
    Row("the resumption of political dialogue", NETANYAHU, ("announced",)),
    Row("the dialogue took place within the framework", NETANYAHU, ("indicating that",)),
    Row("the American initiative ensures the cessation", "a Syrian official", ("stated that",), "Western media"),
    Row("the initiative is a historic opportunity", "a Syrian official", ("noting that",), "Western media"),
    Row("There is a need for a specific timeline", "The Syrian official", ("said",)),
    Row(
        "there is an Israeli-Syrian agreement to accelerate",
        'The American website "Axios"',
        ("had previously mentioned that",),
    ),
)


class Sample:
    """A sample file with what the tests look up in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data: Json = json.loads(path.read_text("utf-8"))
        (self.document,) = self.data["documents"]
        self.text: str = self.document["text"]
        self.annotations: dict[str, Json] = {a["id"]: a for a in self.document["annotations"]}
        self.links: dict[str, Json] = {k["id"]: k for k in self.document["links"]}
        self.entries: dict[str, Json] = {e["id"]: e for e in self.data["entries"]}

    def layer(self, name: str) -> list[Json]:
        """The annotations of a layer, as they stand in the text."""
        found = [a for a in self.annotations.values() if a["layer"] == name]
        return sorted(found, key=lambda a: a["fragments"][0]["start"])

    def of_type(self, name: str) -> list[Json]:
        return [link for link in self.links.values() if link["type"] == name]

    def covered(self, annotation_id: str) -> str:
        return " … ".join(f["text"] for f in self.annotations[annotation_id]["fragments"])

    def names(self, annotation: Json) -> set[str]:
        return {self.entries[e]["name"] for e in annotation["entries"]}

    def attribution_of(self, member_id: str) -> Json | None:
        """The one attribution that holds this claim or this inner attribution in its claim role."""
        found = [k for k in self.of_type("Attribution") if member_id in k["roles"]["claim"]]
        assert len(found) <= 1, member_id
        return found[0] if found else None

    def mentions(self, text: str) -> list[Json]:
        return [a for a in self.layer("Actor") if self.covered(a["id"]) == text]


@pytest.fixture(scope="module")
def english() -> Sample:
    return Sample(ENGLISH)


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.stem)
def sample(request: pytest.FixtureRequest) -> Sample:
    return Sample(request.param)


# What holds for every sample


def test_it_follows_the_schema(sample: Sample) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(sample.data)


def test_it_names_its_format(sample: Sample) -> None:
    data = sample.data
    assert (data["format"], data["version"], data["offset_unit"]) == ("annotator-project", 1, "unicode-code-point")
    assert data["project"]["name"]
    assert data["project"]["guidelines"].startswith("# ")


def test_the_program_reads_it_without_a_remark(sample: Sample) -> None:
    header, document = JsonImporter().read(sample.path, Reading())
    assert isinstance(header, Header)
    assert isinstance(document, DocumentData)
    assert header.codebook == DEFAULT_CODEBOOK
    assert len(header.entries) == len(sample.entries)
    assert len(document.annotations) == len(sample.annotations)
    assert len(document.links) == len(sample.links)


def test_the_text_is_hashed_and_canonical(sample: Sample) -> None:
    assert sample.document["sha256"] == hashlib.sha256(sample.text.encode()).hexdigest()
    assert "\r" not in sample.text


def test_fragments_quote_the_text(sample: Sample) -> None:
    for annotation in sample.annotations.values():
        assert annotation["fragments"], annotation["id"]
        for fragment in annotation["fragments"]:
            stretch = sample.text[fragment["start"] : fragment["end"]]
            assert stretch == fragment["text"] == stretch.strip(), annotation["id"]
            assert stretch, annotation["id"]


def test_no_two_annotations_of_a_layer_cover_the_same(sample: Sample) -> None:
    seen = [(a["layer"], tuple((f["start"], f["end"]) for f in a["fragments"])) for a in sample.document["annotations"]]
    assert len(seen) == len(set(seen))


def test_ids_are_unique(sample: Sample) -> None:
    data, document = sample.data, sample.document
    ids = [data["project"]["id"], document["id"]]
    for things in (data["coders"], data["entries"], document["annotations"], document["links"]):
        ids += [thing["id"] for thing in things]
    assert len(ids) == len(set(ids))


def test_the_two_samples_share_no_id() -> None:
    first, second = ({*s.annotations, *s.links, *s.entries} for s in map(Sample, SAMPLES))
    assert not first & second


def test_all_references_resolve(sample: Sample) -> None:
    coders = {coder["id"] for coder in sample.data["coders"]}
    layers = {layer["name"]: layer for layer in sample.data["codebook"]["layers"]}
    for annotation in sample.annotations.values():
        assert annotation["coder"] in coders
        registry = layers[annotation["layer"]]["registry"]
        for entry in annotation["entries"]:
            assert sample.entries[entry]["registry"] == registry, annotation["id"]
    for link in sample.links.values():
        assert link["coder"] in coders
    registries = {registry["name"] for registry in sample.data["codebook"]["registries"]}
    for entry in sample.entries.values():
        assert entry["registry"] in registries
        if entry["parent"] is not None:
            assert sample.entries[entry["parent"]]["registry"] == entry["registry"]


def test_links_obey_the_codebook(sample: Sample) -> None:
    for link in sample.links.values():
        link_type = DEFAULT_CODEBOOK.link_types_by_name[link["type"]]
        for role in link_type.roles:
            assert len(link["roles"].get(role.name, [])) >= role.min, link["id"]
        for name, members in link["roles"].items():
            place = link_type.role(name)
            assert place is not None, (link["id"], name)
            assert len(members) == len(set(members)), link["id"]
            for member in members:
                if member in sample.annotations:
                    assert sample.annotations[member]["layer"] in place.layers, (link["id"], member)
                else:
                    assert sample.links[member]["type"] in place.links, (link["id"], member)


def test_no_relay_goes_in_a_circle(sample: Sample) -> None:
    def walk(link_id: str, above: tuple[str, ...]) -> None:
        assert link_id not in above
        for members in sample.links[link_id]["roles"].values():
            for member in members:
                if member in sample.links:
                    walk(member, (*above, link_id))

    for link_id in sample.links:
        walk(link_id, ())


def _check_values(fields: tuple[Field, ...], values: Json, where: str) -> None:
    known = {field.name: field for field in fields}
    for name, value in values.items():
        field = known[name]
        if field.type == "choice":
            assert value in field.choices, where
        elif field.type == "boolean":
            assert isinstance(value, bool), where
        else:
            assert isinstance(value, str), where


def test_field_values_are_among_the_choices(sample: Sample) -> None:
    for annotation in sample.annotations.values():
        layer = DEFAULT_CODEBOOK.layers_by_name[annotation["layer"]]
        _check_values(layer.fields, annotation["fields"], annotation["id"])
        assert set(annotation["fields"]) == {field.name for field in layer.fields}, annotation["id"]
    for link in sample.links.values():
        _check_values(DEFAULT_CODEBOOK.link_types_by_name[link["type"]].fields, link["fields"], link["id"])
    for entry in sample.entries.values():
        _check_values(DEFAULT_CODEBOOK.registries_by_name[entry["registry"]].fields, entry["fields"], entry["id"])


def test_names_and_aliases_lead_to_one_entry(sample: Sample) -> None:
    seen: dict[tuple[str, str], str] = {}
    for entry in sample.entries.values():
        for name in {n.casefold() for n in (entry["name"], *entry["aliases"])}:
            assert seen.setdefault((entry["registry"], name), entry["id"]) == entry["id"], name


def test_every_claim_has_a_source_a_proposition_and_a_place_in_an_attribution(sample: Sample) -> None:
    for claim in sample.layer("Claim"):
        attribution = sample.attribution_of(claim["id"])
        assert attribution is not None, claim["id"]
        assert attribution["roles"]["source"], claim["id"]
        assert len(claim["entries"]) == 1, claim["id"]


def test_every_source_and_cue_takes_part(sample: Sample) -> None:
    used = {m for k in sample.of_type("Attribution") for role in ("source", "cue") for m in k["roles"].get(role, [])}
    assert used == {a["id"] for name in ("Source", "Cue") for a in sample.layer(name)}
    assert all(a["entries"] for name in ("Source", "Actor") for a in sample.layer(name))


def test_relayed_sources_are_those_with_a_relay(sample: Sample) -> None:
    for attribution in sample.of_type("Attribution"):
        if attribution["roles"]["claim"][0] in sample.annotations:
            relayed = sample.attribution_of(attribution["id"]) is not None
            for source in attribution["roles"]["source"]:
                assert sample.annotations[source]["fields"]["access"] == ("relayed" if relayed else "first-hand")


def test_a_claim_is_about_actors_inside_it(sample: Sample) -> None:
    for about in sample.of_type("About"):
        (claim,) = (sample.annotations[c]["fragments"][0] for c in about["roles"]["claim"])
        for actor in about["roles"]["actor"]:
            fragment = sample.annotations[actor]["fragments"][0]
            assert claim["start"] <= fragment["start"] < fragment["end"] <= claim["end"], about["id"]


def test_times_are_utc_and_in_order(sample: Sample) -> None:
    for thing in (*sample.annotations.values(), *sample.links.values()):
        assert thing["created"] <= thing["modified"]
        assert thing["created"].endswith("Z")
        assert thing.get("origin", "manual") == "manual"


# The article


def test_the_article_is_whole(english: Sample) -> None:
    assert english.text.startswith(" date 2026-01-06 Syria and Israel agreed today (Tuesday)")
    assert english.text.endswith("with American mediation and pressure.")
    assert english.text.count("\n\n\n\n") == 6
    # The SHA-256 of the article as it came: not a character was changed.
    assert english.document["sha256"] == "5d098d399c4710cbb2a1e2f2549cb0526061bfd8325183f5bf6b4f2f3680604a"
    assert english.document["metadata"] == {"date": "2026-01-06", "language": "en"}
    assert english.document["title"]


def test_the_project_is_named(english: Sample) -> None:
    assert english.data["project"]["name"] == "Syria–Israel joint statement"
    assert [coder["name"] for coder in english.data["coders"]] == ["Sample coder"]


def test_it_has_the_claims_of_the_table_and_no_other(english: Sample) -> None:
    claims = english.layer("Claim")
    assert len(claims) == len(TABLE)
    for claim, row in zip(claims, TABLE, strict=True):
        assert english.covered(claim["id"]).startswith(row.begins)


@pytest.mark.parametrize(("number", "row"), list(enumerate(TABLE)), ids=[row.begins for row in TABLE])
def test_who_says_what_according_to_whom(english: Sample, number: int, row: Row) -> None:
    claim = english.layer("Claim")[number]
    attribution = english.attribution_of(claim["id"])
    assert attribution is not None
    assert [english.covered(m) for m in attribution["roles"]["source"]] == [row.source]
    assert " ".join(english.covered(m) for m in attribution["roles"].get("cue", [])) in row.cues

    relay = english.attribution_of(attribution["id"])
    if not row.relayed_by:
        assert relay is None
        return
    assert relay is not None
    assert [english.covered(m) for m in relay["roles"]["source"]] == [row.relayed_by]
    (cue,) = relay["roles"]["cue"]
    assert [f["text"] for f in english.annotations[cue]["fragments"]] == ["according to what", "reported"]
    assert english.attribution_of(relay["id"]) is None


def test_the_same_source_is_the_same_annotation(english: Sample) -> None:
    claims = [claim["id"] for claim in english.layer("Claim")]
    attributions = [english.attribution_of(claim) for claim in claims]
    sources = [attribution["roles"]["source"] for attribution in attributions if attribution]
    assert len(sources) == len(claims)
    assert sources[1] == sources[2]
    assert sources[5] == sources[6]
    assert sources[7] == sources[8]
    assert len({tuple(source) for source in sources}) == 8


def test_two_claims_share_one_proposition(english: Sample) -> None:
    propositions = [claim["entries"] for claim in english.layer("Claim")]
    assert propositions[0] == propositions[3]
    assert len({tuple(p) for p in propositions}) == 10


def test_claims_end_where_they_should(english: Sample) -> None:
    ends = [english.covered(claim["id"]).rsplit(" ", 2)[-2:] for claim in english.layer("Claim")]
    assert [" ".join(words) for words in ends] == [
        "engage diplomatically",
        "Middle East",
        "both countries",
        "engage diplomatically",
        "Middle East",
        "and support",
        "Middle East",
        "in Syria",
        "and Israel",
        "its withdrawal",
        "and pressure",
    ]


def test_many_actors_are_mentioned(english: Sample) -> None:
    actors = english.layer("Actor")
    assert len(actors) >= 25
    assert {a["fields"]["form"] for a in actors} == {"name", "description", "pronoun", "metonym"}


@pytest.mark.parametrize(
    ("text", "form", "names"),
    [
        ("the three countries", "description", {"United States", "Syria", "Israel"}),
        ("both parties", "description", {"Syria", "Israel"}),
        ("both countries", "description", {"Syria", "Israel"}),
        ("senior Israeli and Syrian officials", "description", {"Israeli officials", "Syrian officials"}),
        ("Israeli-Syrian", "name", {"Syria", "Israel"}),
        ("Washington", "metonym", {"United States"}),
        ("the United States", "name", {"United States"}),
        ("The United States", "name", {"United States"}),
        ("Syria", "name", {"Syria"}),
        ("Israel", "name", {"Israel"}),
        ("President Donald Trump", "name", {"Donald Trump"}),
        ("Israeli Prime Minister Benjamin Netanyahu", "name", {"Benjamin Netanyahu"}),
        (NETANYAHU, "name", {"Israeli Prime Minister's Office"}),
        ("Western media", "description", {"Western media"}),
        ("Axios", "name", {"Axios"}),
        ('The American website "Axios"', "description", {"Axios"}),
        ("a Syrian official", "description", {"Syrian official (anonymous)"}),
        ("The Syrian official", "description", {"Syrian official (anonymous)"}),
    ],
)
def test_an_actor_leads_to_its_entries(english: Sample, text: str, form: str, names: set[str]) -> None:
    mentions = english.mentions(text)
    assert mentions
    for mention in mentions:
        assert mention["fields"]["form"] == form
        assert english.names(mention) == names
        assert len(mention["entries"]) == len(names)


def test_actors_nest_in_claims_and_sources(english: Sample) -> None:
    def inside(outer: Json, inner: Json) -> bool:
        return all(
            any(o["start"] <= i["start"] and i["end"] <= o["end"] for o in outer["fragments"])
            for i in inner["fragments"]
        )

    for layer in ("Claim", "Source"):
        nested = [a for a in english.layer("Actor") if any(inside(outer, a) for outer in english.layer(layer))]
        assert len(nested) >= 8
    (office,) = english.mentions(NETANYAHU)
    (person,) = english.mentions("Israeli Prime Minister Benjamin Netanyahu")
    assert inside(office, person)


def test_entries_have_parents_and_known_ids(english: Sample) -> None:
    by_name = {e["name"]: e for e in english.entries.values() if e["registry"] == "actors"}
    assert {name: e["fields"]["wikidata"] for name, e in by_name.items() if "wikidata" in e["fields"]} == {
        "United States": "Q30",
        "Israel": "Q801",
        "Syria": "Q858",
        "Donald Trump": "Q22686",
        "Benjamin Netanyahu": "Q43723",
    }
    assert all("kind" in e["fields"] for e in by_name.values())
    parents = {name: english.entries[e["parent"]]["name"] for name, e in by_name.items() if e["parent"]}
    assert parents["Israeli Prime Minister's Office"] == parents["Israeli officials"] == "Israel"
    assert parents["Syrian official (anonymous)"] == parents["Syrian officials"] == "Syria"


def test_the_official_is_anonymous_and_the_media_pass_it_on(english: Sample) -> None:
    fields = {english.covered(a["id"]): a["fields"] for a in english.layer("Source")}
    assert fields["a Syrian official"] == {"identity": "anonymous", "kind": "official", "access": "relayed"}
    assert fields["The Syrian official"]["identity"] == "anonymous"
    assert fields["Western media"] == {"identity": "collective", "kind": "media", "access": "first-hand"}
    assert fields["The statement"]["kind"] == "document"


# The Arabic text


def test_the_arabic_sample_has_what_right_to_left_needs() -> None:
    arabic = Sample(ARABIC)
    assert arabic.document["metadata"]["language"] == "ar"
    assert len([p for p in arabic.text.split("\n") if p]) == 3
    assert any(len(cue["fragments"]) == 2 for cue in arabic.layer("Cue"))
    assert any("(Al Marfa)" in arabic.covered(a["id"]) for a in arabic.layer("Source"))
    assert any(claim["fields"]["polarity"] == "denied" for claim in arabic.layer("Claim"))
    relays = [k for k in arabic.of_type("Attribution") if k["roles"]["claim"][0] in arabic.links]
    assert [arabic.covered(relay["roles"]["cue"][0]) for relay in relays] == ["وفق ما نقلته"]
    (both,) = arabic.mentions("الطرفين")
    assert len(both["entries"]) == 2
