"""Linking by letters: every annotation in sight shows one, and typing it links that annotation to the active one."""

from __future__ import annotations

from itertools import product

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from annotator.domain.attribution import place
from annotator.domain.model import Annotation
from annotator.ui.reader.view import Reader
from annotator.ui.workspace import Workspace

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class LinkHints(QObject):
    """Takes the reader's keys while letters are shown."""

    def __init__(self, workspace: Workspace, reader: Reader) -> None:
        super().__init__(reader)
        self._workspace = workspace
        self._reader = reader
        self._first: str | None = None
        self._letters: dict[str, str] = {}
        self._typed = ""

    def start(self, first: Annotation) -> None:
        """Show letters on what can be linked to this annotation."""
        assert self._workspace.project is not None
        linking = self._workspace.project.linking
        in_sight = self._workspace.known(self._reader.visible_ids())
        annotations = self._workspace.annotated.annotations
        # The nearest first: they get the shortest codes.
        shown = sorted(
            (annotations[id_] for id_ in in_sight),
            key=lambda a: (max(a.start - first.end, first.start - a.end, 0), place(a)),
        )
        targets = [a.id for a in shown if a.id != first.id and linking.possible(first.id, a.id)]
        if not targets:
            self._workspace.hint.emit(self.tr("Nothing in sight can be linked to this."))
            return
        self._first = first.id
        self._typed = ""
        self._letters = dict(zip(targets, codes(len(targets)), strict=False))
        self._reader.show_hints(self._letters)
        self._reader.installEventFilter(self)
        self._workspace.hint.emit(
            self.tr("Type the letter of what to link; with Shift, as who reports it. Esc leaves.")
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Letters choose, Esc leaves; any other key leaves too and is not lost on a shortcut."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._stop()
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._key(event)
            return True
        return False

    def _key(self, event: QKeyEvent) -> None:
        letter = chr(event.key()).lower() if Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z else event.text().lower()
        if event.key() in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt):
            return
        typed = self._typed + letter
        left = {id_: code for id_, code in self._letters.items() if letter and code.startswith(typed)}
        if not left:
            self._stop()
            return
        self._typed = typed
        chosen = next((id_ for id_, code in left.items() if code == typed), None)
        if chosen is None:
            self._reader.show_hints({id_: code[len(typed) :] for id_, code in left.items()})
            return
        first = self._first
        self._stop()
        assert self._workspace.project is not None
        assert first is not None
        project = self._workspace.project
        with self._workspace.guard():
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._link_reporter(first, chosen)
            else:
                link = project.linking.connect(first, chosen)
                types = project.codebook.link_types_by_id
                self._workspace.hint.emit(self.tr("Linked: {type}.").replace("{type}", types[link.type_id].name))

    def _link_reporter(self, first: str, second: str) -> None:
        """Of a claim and a source or a cue: as the one who reports it, or how."""
        assert self._workspace.project is not None
        of_claims = {layer.id for layer in self._workspace.project.codebook.layers_in_role("claim")}
        is_claim = [self._workspace.annotated.annotations[id_].layer_id in of_claims for id_ in (first, second)]
        if sum(is_claim) != 1:
            self._workspace.hint.emit(self.tr("A reporter is linked to a claim."))
            return
        claim, other = (first, second) if is_claim[0] else (second, first)
        self._workspace.project.linking.attribute(claim, self._workspace.annotated.annotations[other], relay=True)
        self._workspace.hint.emit(self.tr("Linked: reported by."))

    def _stop(self) -> None:
        self._first = None
        self._reader.removeEventFilter(self)
        self._reader.hide_hints()


def codes(count: int) -> list[str]:
    """As many different codes of letters as asked for, the short ones first; none begins another."""
    length, most = 1, len(LETTERS)
    while most**length < count:
        length += 1
    # Some of the shorter codes stand for themselves; the others begin the longer ones.
    shorter = ["".join(letters) for letters in product(LETTERS, repeat=length - 1)] if length > 1 else [""]
    begin = -(-(count - len(shorter)) // (most - 1)) if length > 1 else 1
    whole = shorter[: len(shorter) - begin]
    longer = (start + letter for start in shorter[len(whole) :] for letter in LETTERS)
    return [*whole, *longer][:count]
