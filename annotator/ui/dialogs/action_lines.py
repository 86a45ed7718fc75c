"""What dialogs show of actions: text, menu and keys, read from the QAction objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeySequence


class ActionLine(NamedTuple):
    """One action."""

    id: str
    text: str
    menu: str
    keys: tuple[str, ...]
    action: QAction


def lines(actions: Iterable[QAction]) -> list[ActionLine]:
    """The actions as lines, in the order given."""
    from annotator.ui.actions import MENUS, translated

    return [
        ActionLine(
            id=action.objectName(),
            text=action.text().replace("&", "").rstrip("…"),
            menu=translated(str(MENUS.get(action.objectName().split(".")[0], ""))),
            keys=tuple(dict.fromkeys(key_text(sequence) for sequence in action.shortcuts())),
            action=action,
        )
        for action in actions
    ]


def grouped(found: Sequence[ActionLine]) -> list[tuple[str, list[ActionLine]]]:
    """The lines by menu, in the order in which menus first come."""
    menus: dict[str, list[ActionLine]] = {}
    for line in found:
        menus.setdefault(line.menu, []).append(line)
    return list(menus.items())


def key_text(sequence: QKeySequence) -> str:
    """A key as a cap shows it: “Ctrl K”."""
    from PySide6.QtGui import QKeySequence

    return pretty(sequence.toString(QKeySequence.SequenceFormat.NativeText))


def pretty(text: str) -> str:
    """The name of a key without plus signs, except the plus key itself."""
    parts = text.replace("++", "+\0").split("+")
    names = ["+" if part == "\0" else {"Return": "Enter", "Backspace": "⌫"}.get(part, part) for part in parts]
    return " ".join(names) if text != "+" else "+"
