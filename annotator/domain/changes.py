"""What a step changed, told to whoever listens, by ids alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "project", "layer", "link_type", "registry", "coder", "entry", "document", "annotation", "link", "saved_search"
]
Origin = Literal["do", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class StepInfo:
    """A line of the history. `action` is a template with `{what}` in it, so that it can be translated."""

    number: int
    action: str
    what: str
    coder: str
    at: str
    kind: Origin
    state: str

    @property
    def label(self) -> str:
        """The line as a person reads it, in English."""
        return self.action.replace("{what}", self.what)


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Ids by kind. `documents` holds the documents whose annotations or links changed."""

    action: str
    what: str
    origin: Origin
    added: Mapping[str, frozenset[str]] = field(default_factory=dict)
    changed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    removed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()

    def touched(self, kind: Kind) -> frozenset[str]:
        """Every id of this kind that was added, changed or removed."""
        nothing: frozenset[str] = frozenset()
        return self.added.get(kind, nothing) | self.changed.get(kind, nothing) | self.removed.get(kind, nothing)

    def touches_codebook(self) -> bool:
        """Whether layers, link types, registries or the project's own fields changed."""
        return any(self.touched(kind) for kind in ("project", "layer", "link_type", "registry"))
