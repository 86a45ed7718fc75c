"""Makes the golden project of the version that runs this: `python tests/golden/make.py`. See README.md beside it.

What later versions brought stands at the end of `build`, so that it is plain what each file holds.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from annotator.domain.codebook import Field
from annotator.domain.model import Fragment, UnwantedName
from annotator.interchange.registry import Formats
from annotator.services.exporting import export_file
from annotator.services.project import Project
from annotator.storage.migrations import VERSION

ENGLISH = (
    "Syria and Israel will meet in Paris, a Syrian official said, according to what Western media reported.\n\n"
    "The talks “are not”, the envoy 🙂 told reporters on Monday, “a negotiation”. Nobody in Washington confirmed it.\n"
)
ARABIC = "قال مسؤول سوري إن المحادثات ستبدأ غدًا، وفق ما نقلته وسائل إعلام غربية.\nونفت إسرائيل ذلك.\n"
ODD = "Zoë’s cafe\u0301 👩‍👩‍👧 reported: e\u0301 and é are two.\r\nA tab\there.\n"


def spans(text: str, *words: str) -> list[Fragment]:
    """Where the words stand, one fragment each."""
    return [Fragment(text.index(word), text.index(word) + len(word)) for word in words]


def build(path: Path) -> Project:
    """A project with something of everything: the open project."""
    project = Project.create(path, name="Golden: ذهب", coder="Ann")
    project.set_details(guidelines="Tag what is said, not what is meant.\nTwo lines.")
    english = project.documents.add("Talks in Paris", ENGLISH, {"outlet": "Meridian Post", "date": "2026-01-08"}).id
    arabic = project.documents.add("محادثات", ARABIC, {"author": "R. Amin"}).id
    odd = project.documents.add("Odd letters 👩‍👩‍👧", ODD).id
    gone = project.documents.add("Removed again", "Nothing of this stays. Syria said so.").id
    tagging, entries = project.tagging, project.entries

    syria = entries.create("registry-actors", "Syria", aliases=("سوريا", "Damascus"))
    claim = tagging.tag(english, "layer-claim", spans(ENGLISH, "Syria and Israel will meet in Paris"))
    tagging.tag_into(english, "layer-source", spans(ENGLISH, "a Syrian official"), claim.id)
    tagging.tag_into(english, "layer-cue", spans(ENGLISH, "said"), claim.id)
    tagging.tag_into(english, "layer-source", spans(ENGLISH, "Western media"), claim.id, relay=True)
    tagging.tag_into(english, "layer-cue", spans(ENGLISH, "according to what", "reported"), claim.id, relay=True)
    tagging.tag_into(english, "layer-actor", spans(ENGLISH, "Israel"), claim.id, about=True)
    gap = tagging.tag(english, "layer-claim", spans(ENGLISH, "The talks “are not”", "“a negotiation”"))
    tagging.set_fields(gap.id, {"form": "direct", "polarity": "denied"})
    tagging.set_note(gap.id, "With a gap 🙂")
    tagging.tag_into(english, "layer-source", spans(ENGLISH, "the envoy 🙂"), gap.id)

    other = tagging.tag(arabic, "layer-claim", spans(ARABIC, "المحادثات ستبدأ غدًا"))
    tagging.tag_into(arabic, "layer-source", spans(ARABIC, "مسؤول سوري"), other.id)
    tagging.tag(arabic, "layer-actor", spans(ARABIC, "إسرائيل"))
    tagging.tag(odd, "layer-actor", spans(ODD, "👩‍👩‍👧"))
    project.coder = "Bob ب"
    tagging.tag(odd, "layer-actor", spans(ODD, "Zoë’s cafe\u0301"))
    tagging.tag(gone, "layer-actor", [Fragment(23, 28)])

    ministry = entries.create("registry-actors", "Ministry of Foreign Affairs", aliases=("MFA",))
    entries.edit(ministry.id, parent_id=syria.id, note="Below Syria")
    twin = entries.create("registry-actors", "Syrian Arab Republic")
    entries.merge(syria.id, [twin.id])

    cue = project.codebook.layers_by_id["layer-cue"]
    field = Field("tone", "choice", ("calm", "heated"), "How it is said")
    with project.step("Add field {what}", "tone") as step:
        step.replace(replace(cue, fields=(*cue.fields, field)))
    with project.step("Change {what}", "Actor") as step:
        step.replace(replace(project.codebook.layers_by_id["layer-actor"], description="Who acts — or could."))
    project.documents.edit(english, title="Talks in Paris", status="done", metadata={"outlet": "Meridian Post"})
    if VERSION >= 3:
        project.searches.save("Who said it", "layer:claim border", exact=True)
        entries.judge_apart(syria.id, ministry.id)
        with project.step("Never suggest “{what}”", "damascus") as step:
            step.add(UnwantedName(syria.id, "damascus"))
    project.documents.remove([gone])

    project.index_texts()
    project.undo()  # the removal: the article is there again
    tagging.set_note(claim.id, "one")
    tagging.set_note(claim.id, "two")
    tagging.set_note(claim.id, "three")
    project.undo()
    project.undo()  # two steps that can be redone
    return project


def main() -> int:
    """Refuses where the files of this version are there: they never change again."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    path, export = folder / f"version-{VERSION}.annot", folder / f"version-{VERSION}.json"
    if path.exists() or export.exists():
        print(f"{path} is there already; it must stay as it is.", file=sys.stderr)
        return 1
    project = build(path)
    export_file(project, export, None, formats=Formats())
    project.close()
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (VERSION,)
    print(f"{path} and {export.name} are made.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
