"""What an editor edits: an annotation, a link or an entry, read from the workspace and written through the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from annotator.domain.codebook import Field
from annotator.domain.model import Annotation, Entry, Fields, FieldValue, Link

if TYPE_CHECKING:
    from annotator.ui.workspace import Workspace

_NOTHING: Fields = {}


def editable(workspace: Workspace) -> bool:
    """Whether the open project may be changed."""
    return workspace.project is not None and not workspace.project.read_only


@dataclass(frozen=True)
class Target:
    """One annotation, link or entry, by id. Gone ids read as empty and are written with a hint, never a crash."""

    workspace: Workspace
    kind: Literal["annotation", "link", "entry"]
    id: str

    @property
    def record(self) -> Annotation | Link | Entry | None:
        """The record as it stands now."""
        if self.kind == "entry":
            project = self.workspace.project
            return project.entries.get_many([self.id]).get(self.id) if project is not None else None
        annotated = self.workspace.annotated
        found = annotated.annotations if self.kind == "annotation" else annotated.links
        return found.get(self.id)

    @property
    def values(self) -> Fields:
        """Its fields' values."""
        record = self.record
        return record.fields if record is not None else _NOTHING

    @property
    def note(self) -> str:
        """Its note."""
        record = self.record
        return record.note if record is not None else ""

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that the codebook gives it."""
        record = self.record
        if isinstance(record, Annotation):
            return self.workspace.layer(record).fields
        codebook = self.workspace.project.codebook if self.workspace.project is not None else None
        if isinstance(record, Link) and codebook is not None:
            link_type = codebook.link_types_by_id.get(record.type_id)
            return link_type.fields if link_type is not None else ()
        if isinstance(record, Entry) and codebook is not None:
            registry = codebook.registries_by_id.get(record.registry_id)
            return registry.fields if registry is not None else ()
        return ()

    def set(self, name: str, value: FieldValue | None) -> None:
        """Store one field's value, in one step; None takes it away. Nothing happens where it is so already."""
        if self.values.get(name) != value or type(self.values.get(name)) is not type(value):
            self._write({name: value})

    def set_note(self, text: str) -> None:
        """Store the note, in one step, if it is another one."""
        project = self.workspace.project
        if project is None or text == self.note:
            return
        with self.workspace.guard():
            if self.kind == "annotation":
                project.tagging.set_note(self.id, text)
            elif self.kind == "entry":
                project.entries.edit(self.id, note=text)
            else:
                project.linking.set_note(self.id, text)

    def _write(self, values: Mapping[str, FieldValue | None]) -> None:
        project = self.workspace.project
        if project is None:
            return
        with self.workspace.guard():
            if self.kind == "annotation":
                project.tagging.set_fields(self.id, values)
            elif self.kind == "entry":
                kept = {name: value for name, value in self.values.items() if name not in values}
                new = {name: value for name, value in values.items() if value is not None}
                project.entries.edit(self.id, fields={**kept, **new})
            else:
                project.linking.set_fields(self.id, values)
