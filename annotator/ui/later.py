"""Work that waits until the window has nothing more pressing to do."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Later(QObject):
    """Says `due` once, however often it was started, `wait` milliseconds after all that is due now.

    A plain timer counts from its start: after something long it would be due at once, before that is even painted.
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._wait = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._passed)

    def start(self, wait: int = 0) -> None:
        """Begin to wait, or begin anew."""
        self._wait = wait
        self._timer.start(0)

    def stop(self) -> None:
        """Do not say it."""
        self._timer.stop()

    def isActive(self) -> bool:
        """Whether it is still to come."""
        return self._timer.isActive()

    def _passed(self) -> None:
        if self._wait:
            wait, self._wait = self._wait, 0
            self._timer.start(wait)
        else:
            self.due.emit()
