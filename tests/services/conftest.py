"""An open project with one article, and short ways to tag in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.domain.model import Annotation, Fragment
from annotator.services.project import Project

TEXT = (
    "Syria and Israel agreed today, Washington said. According to Reuters, a Syrian official stated that "
    "the deal stands. The deal is good, he said."
)


class Desk:
    """A project and its one article, by words instead of offsets."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.document_id = project.documents.add("An article", TEXT).id

    def place(self, words: str) -> tuple[Fragment, ...]:
        found = []
        for part in words.split(" … "):
            start = TEXT.index(part)
            found.append(Fragment(start, start + len(part)))
        return tuple(found)

    def tag(self, layer: str, words: str) -> Annotation:
        return self.project.tagging.tag(self.document_id, f"layer-{layer}", self.place(words))

    def into(
        self, claim: Annotation, layer: str, words: str, *, relay: bool = False, about: bool = False
    ) -> Annotation:
        return self.project.tagging.tag_into(
            self.document_id, f"layer-{layer}", self.place(words), claim.id, relay=relay, about=about
        )

    def words(self, ids: tuple[str, ...]) -> list[str]:
        """What stands in a role: the words of annotations, and "link" for links."""
        known = {a.id: a for a in self.project.documents.annotations(self.document_id)}
        return [" … ".join(TEXT[f.start : f.end] for f in known[i].fragments) if i in known else "link" for i in ids]

    def attributions(self, claim: Annotation) -> list[dict[str, list[str]]]:
        """The attributions of a claim, the innermost first, apart from their claim roles."""
        return [
            {role: self.words(ids) for role, ids in link.roles.items() if role != "claim"}
            for link in self.project.linking.levels(claim.id)
        ]

    def entry_names(self, annotation_id: str) -> list[str]:
        (annotation,) = self.project.documents.annotations_by_id([annotation_id])
        return [self.project.entries.get(entry).name for entry in annotation.entries]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "study.annot", coder="Ann")
    yield made
    made.close()


@pytest.fixture
def desk(project: Project) -> Desk:
    return Desk(project)
