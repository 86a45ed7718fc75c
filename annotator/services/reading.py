"""Reads an article with very many annotations in parts, for a thread beside the window's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.domain.annotated import Annotated
from annotator.domain.model import Annotation, Link, Stretch

if TYPE_CHECKING:
    from annotator.services.project import Project

_AT_A_TIME = 1500
"""Annotations that are read at once: a step that is to be written waits no longer than that takes."""

_Check = Callable[[], object]


def read_stretches(project: Project, document_id: str, length: int, count: int, check: _Check) -> list[Stretch]:
    """What painting needs of all annotations. `check` is called often, and may raise to end it."""
    found: list[Stretch] = []
    for part in project.documents.stretches_in_parts(document_id, length, count // _AT_A_TIME + 1):
        found += part
        check()
    return found


def read_annotated(project: Project, document_id: str, length: int, count: int, check: _Check) -> Annotated:
    """All annotations and links of an article in the order of its text. `check` as above."""
    annotations: list[Annotation] = []
    links: list[Link] = []
    for part in project.documents.annotations_in_parts(document_id, length, count // _AT_A_TIME + 1):
        annotations += part
        check()
    for some in project.documents.links_in_parts(document_id):
        links += some
        check()
    annotated = Annotated(project.codebook)
    for _ in annotated.fill(annotations, links):
        check()
    return annotated
