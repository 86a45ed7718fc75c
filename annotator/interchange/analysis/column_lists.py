"""The fixed columns of each table, and what each of them says. Fields of the codebook come in between."""

from __future__ import annotations

from annotator.interchange.analysis.columns import Column, Kind


def _columns(*given: tuple[str, str] | tuple[str, str, Kind]) -> tuple[Column, ...]:
    return tuple(Column(item[0], item[2] if len(item) == 3 else "text", item[1]) for item in given)


_DOCUMENT_ID = ("document_id", "Joins with documents")
_CODER_ID = ("coder_id", "Joins with coders")
_CODER_NAME = ("coder", "The coder's name")
_START: tuple[str, str, Kind] = ("start", "First character, from 0, in Unicode code points", "integer")
_STOP: tuple[str, str, Kind] = ("end", "Character after the last", "integer")

END = _columns(
    ("note", "The coder's note"),
    ("origin", "manual, or what proposed it"),
    ("created", "When, in UTC"),
    ("modified", "When last, in UTC"),
)

DOCUMENT = _columns(
    ("document_id", "Its id"),
    ("position", "Its place in the project, from 1", "integer"),
    ("title", "Its title"),
    ("status", "new, in progress or done"),
    ("characters", "The length of its text in Unicode code points", "integer"),
    ("annotations", "How many it has", "integer"),
    ("links", "How many it has", "integer"),
    ("sha256", "The fingerprint of its text"),
    ("created", "When it was added, in UTC"),
)

ANNOTATION = _columns(
    ("annotation_id", "Its id"),
    _DOCUMENT_ID,
    _CODER_ID,
    _CODER_NAME,
    ("layer", "Its layer"),
    _START,
    _STOP,
    ("parts", "How many fragments it has; see the table fragments", "integer"),
    ("text", "The words; where it has gaps, its parts with … between"),
    ("entry_ids", "Joins with entries, through mentions", "texts"),
    ("entries", "Their names", "texts"),
)

ATTRIBUTION = _columns(
    ("attribution_id", "The link's id; joins with links"),
    _DOCUMENT_ID,
    ("title", "The article's title"),
    ("date", "The article's date"),
    ("outlet", "The article's outlet"),
    _CODER_ID,
    _CODER_NAME,
    ("depth", "0: said by the source; 1: the source passes on what another said; and so on", "integer"),
    ("via_ids", "The attributions that it passes on", "texts"),
    ("claim_id", "Joins with annotations"),
    ("claim", "The claim's words"),
    ("claim_entry_ids", "Joins with entries, through mentions", "texts"),
    ("claim_entries", "Their names", "texts"),
    ("claim_start", "First character, from 0, in Unicode code points", "integer"),
    ("claim_end", "Character after the last", "integer"),
    ("source_id", "Joins with annotations; empty where the text names no source"),
    ("source", "The source's words"),
    ("source_entry_ids", "Joins with entries, through mentions", "texts"),
    ("source_entries", "Their names", "texts"),
    ("cue_ids", "Joins with annotations, through members", "texts"),
    ("cues", "The words that attribute", "texts"),
    ("addressee_ids", "Joins with annotations, through members", "texts"),
    ("addressees", "Their words", "texts"),
    ("about_entry_ids", "The entries of the actors whom the claim is about", "texts"),
    ("about", "Their names; where an actor has no entry, its words", "texts"),
)

MENTION = _columns(
    ("annotation_id", "Joins with annotations"),
    _DOCUMENT_ID,
    ("position", "The entry's place in the annotation, from 1", "integer"),
    ("entry_id", "Joins with entries"),
)

FRAGMENT = _columns(
    ("annotation_id", "Joins with annotations"),
    _DOCUMENT_ID,
    ("position", "The fragment's place in the annotation, from 1, in the coder's order", "integer"),
    _START,
    _STOP,
    ("text", "The words"),
)

LINK = _columns(("link_id", "Its id"), _DOCUMENT_ID, _CODER_ID, _CODER_NAME, ("type", "Its type"))

MEMBER = _columns(
    ("link_id", "Joins with links"),
    _DOCUMENT_ID,
    ("role", "The role it stands in"),
    ("position", "Its place in the role, from 1", "integer"),
    ("member_id", "Joins with annotations or links"),
    ("member", "annotation or link"),
)

TEXT = _columns(_DOCUMENT_ID, ("text", "The article's text, as the offsets count it"))

ENTRY = _columns(
    ("entry_id", "Its id"),
    ("registry", "Its registry"),
    ("name", "Its name"),
    ("aliases", "Its other names", "texts"),
    ("parent_id", "The entry it belongs to"),
    ("parent", "That entry's name"),
    ("mentions", "How many annotations refer to it", "integer"),
    ("documents", "In how many articles", "integer"),
)
ENTRY_END = _columns(("note", "What is noted of it"), ("origin", "tag where a tag made it, else manual"))

CODER = _columns(
    ("coder_id", "Its id"),
    ("name", "The coder's name"),
    ("annotations", "How many are this coder's", "integer"),
    ("links", "How many are this coder's", "integer"),
)

CODEBOOK = _columns(
    ("item", "layer, link type, role, registry, field or choice"),
    ("of", "What it belongs to"),
    ("name", "Its name"),
    ("id", "Its id, where it has one"),
    ("type", "The type of a field; the registry of a layer"),
    ("value", "The colour, key and mark of a layer; what may stand in a role; the number of a choice"),
    ("description", "What the codebook says of it"),
    ("guidelines", "How to code it"),
    ("examples", "Examples of it", "texts"),
)

PROJECT = _columns(("item", "What"), ("value", "How"))

COLUMNS = _columns(
    ("table", "The table"),
    ("column", "The column"),
    ("type", "What kind of value it holds"),
    ("description", "What it says"),
)
