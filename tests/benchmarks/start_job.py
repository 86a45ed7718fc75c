"""A program that shows its window and ends with the first paint: ours, just as it starts, or a bare one."""

from __future__ import annotations

import os
import sys
from typing import Any


def main() -> None:
    """`ours` or `bare`."""
    if sys.argv[1] == "ours":
        from annotator import app as root

        made = root._window

        def watched(*args: Any, **kwargs: Any) -> Any:
            window = made(*args, **kwargs)
            watch(window)
            return window

        root._window = watched
        root.run()
    else:
        from PySide6.QtWidgets import QApplication, QMainWindow

        app = QApplication(sys.argv[:1])
        window = QMainWindow()
        window.resize(1440, 900)
        watch(window)
        window.show()
        app.exec()


def watch(window: Any) -> None:
    """End the program when the window has been painted."""
    from PySide6.QtCore import QEvent, QObject

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                # The paint itself belongs to the start: leave once the event is through.
                from PySide6.QtCore import QTimer

                QTimer.singleShot(0, lambda: os._exit(0))
            return False

    window.watch = Watch()
    window.installEventFilter(window.watch)


if __name__ == "__main__":
    main()
