"""The plotting library, brought in off the window's thread: it takes longer than a blink, and most never open a chart."""

from __future__ import annotations

import atexit


def load() -> None:
    """Import pyqtgraph, as we want it. Works in any thread, and costs nothing the second time."""
    import pyqtgraph

    pyqtgraph.setConfigOptions(antialias=True, exitCleanup=False)
    atexit.unregister(pyqtgraph.cleanup)  # its widgets go with their windows, as all of ours do
