"""A change of the codebook that is ready: it says what it touches, and is done as one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from annotator.domain.codebook import Codebook, Layer, LinkType, Registry
from annotator.domain.codebook_edit import Kind
from annotator.domain.errors import Conflict
from annotator.domain.invariants import check_codebook
from annotator.services.pace import uninterrupted
from annotator.services.recoding import Recode, Touch, touches
from annotator.storage.recoding import Recoder, Uses

if TYPE_CHECKING:
    from annotator.services.project import Project
    from annotator.storage.writer import Writer


_OVERTAKEN = "The codebook has been changed meanwhile; look again at what this would do."


@dataclass(frozen=True)
class Change:
    """What the codebook will be, and what becomes of the data. Nothing has been done before `apply`."""

    project: Project
    action: str
    what: str
    codebook: Codebook
    recodes: tuple[Recode, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """Sentences about what else follows."""
    made_from: Codebook = field(default_factory=Codebook)

    def touches(self) -> list[Touch]:
        """What it touches, counted now."""
        return touches(self.recodes, Uses(self.project.store.connection))

    @property
    def loses(self) -> bool:
        """Whether anything would be lost or removed by it."""
        return loses(self.touches())

    def through(self, project: Project) -> Change:
        """The same change through another connection to the project, for another thread. Raises Conflict, as `apply`."""
        if project.codebook != self.made_from:
            raise Conflict(_OVERTAKEN)
        return replace(self, project=project, made_from=project.codebook)

    def apply(self, tell: Callable[[int], object] | None = None) -> None:
        """Do it, as one step. Raises Conflict where the codebook is another by now.

        `tell` hears how many rows have been written, and may raise Cancelled: then nothing is done.
        """
        project = self.project
        old = project.codebook
        if old is not self.made_from:
            raise Conflict(_OVERTAKEN)
        if old == self.codebook:
            return
        check_codebook(self.codebook)
        project.before_bulk(sum(touch.count for touch in self.touches()))
        try:
            with uninterrupted(), project.step(self.action, self.what) as step:
                step.gate.tell = tell
                recoder = Recoder(step.gate)
                for recode in self.recodes:
                    if recode.under_old:
                        recode.apply(project, step, recoder)
                # From here on, what asks the codebook gets the new one.
                project.codebook = self.codebook
                for recode in self.recodes:
                    if not recode.under_old:
                        recode.apply(project, step, recoder)
                _write(step, old, self.codebook)
        except BaseException:
            # Whatever failed, and whether before or after it was saved: what the file says holds.
            project.codebook = project.store.codebook()
            raise


def loses(found: Iterable[Touch]) -> bool:
    """Whether anything is lost or removed by what these tell."""
    return any(touch.fate not in ("follows", "moves", "is released") for touch in found)


def _write(step: Writer, old: Codebook, new: Codebook) -> None:
    _write_kind(step, "layer", old.layers, new.layers)
    _write_kind(step, "link_type", old.link_types, new.link_types)
    _write_kind(step, "registry", old.registries, new.registries)
    step.set_document_fields(new.document_fields)


def _write_kind(
    step: Writer, kind: Kind, old: Iterable[Layer | LinkType | Registry], new: Iterable[Layer | LinkType | Registry]
) -> None:
    before, after = {item.id: item for item in old}, {item.id: item for item in new}
    step.remove(kind, [id_ for id_ in before if id_ not in after])
    step.add([item for id_, item in after.items() if id_ not in before])
    step.replace([item for id_, item in after.items() if id_ in before and before[id_] != item])
    kept = [id_ for id_ in before if id_ in after]
    if [*kept, *(id_ for id_ in after if id_ not in before)] != list(after):
        step.arrange(kind, list(after))
