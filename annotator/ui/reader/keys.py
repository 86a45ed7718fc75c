"""Which keys move the caret, and how the caret passes over blank lines."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QTextBlock, QTextCursor

_S = QKeySequence.StandardKey
_OWN = (
    *(_S.MoveToNextChar, _S.MoveToPreviousChar, _S.MoveToNextWord, _S.MoveToPreviousWord),
    *(_S.MoveToNextLine, _S.MoveToPreviousLine, _S.MoveToNextPage, _S.MoveToPreviousPage),
    *(_S.MoveToStartOfLine, _S.MoveToEndOfLine, _S.MoveToStartOfBlock, _S.MoveToEndOfBlock),
    *(_S.MoveToStartOfDocument, _S.MoveToEndOfDocument),
    *(_S.SelectNextChar, _S.SelectPreviousChar, _S.SelectNextWord, _S.SelectPreviousWord),
    *(_S.SelectNextLine, _S.SelectPreviousLine, _S.SelectNextPage, _S.SelectPreviousPage),
    *(_S.SelectStartOfLine, _S.SelectEndOfLine, _S.SelectStartOfBlock, _S.SelectEndOfBlock),
    *(_S.SelectStartOfDocument, _S.SelectEndOfDocument, _S.SelectAll, _S.Copy),
)
_VERTICAL = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_MOVING = (*_VERTICAL, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


def is_own(event: QKeyEvent) -> bool:
    """Whether the text itself takes this key: caret movement, selection, copying. All else belongs to actions."""
    plain = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    if event.key() in _MOVING and plain == Qt.KeyboardModifier.NoModifier:
        return True
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier and Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z:
        # On X11 letters move the caret too, as Ctrl+E goes to the end of the line: here that exports.
        return event.matches(_S.SelectAll) or event.matches(_S.Copy)
    return any(event.matches(key) for key in _OWN)


def pass_blanks(cursor: QTextCursor, before: QTextCursor, event: QKeyEvent) -> bool:
    """Where a key has moved the caret into blank lines, move it on in the same direction. Returns whether it did."""
    if cursor.position() == before.position() or not is_blank(cursor.block()):
        return False
    keep = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    mode = QTextCursor.MoveMode.KeepAnchor if keep else QTextCursor.MoveMode.MoveAnchor
    forward = cursor.position() > before.position()
    if event.key() in _VERTICAL:
        step = QTextCursor.MoveOperation.Down if forward else QTextCursor.MoveOperation.Up
        while is_blank(cursor.block()) and cursor.movePosition(step, mode):
            pass
    block = neighbour(cursor.block(), forward=forward)
    if is_blank(cursor.block()):
        if block is None:  # the text ends with blank lines: as far as there is something
            forward = not forward
            block = neighbour(cursor.block(), forward=forward)
        if block is None:
            cursor.setPosition(before.position(), mode)
        else:
            cursor.setPosition(block.position() + (0 if forward else block.length() - 1), mode)
    return True


def is_blank(block: QTextBlock) -> bool:
    """Whether nothing is on this line of the text."""
    return block.isValid() and not block.text().strip()


def neighbour(block: QTextBlock, *, forward: bool) -> QTextBlock | None:
    """The nearest line with something on it, in one direction."""
    while block.isValid() and is_blank(block):
        block = block.next() if forward else block.previous()
    return block if block.isValid() else None
