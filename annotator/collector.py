"""When Python's cycle collector runs. Its default (every 700 new objects) suits programs that hold little.

Here an article's annotations or a project's rows are tens of thousands of objects that stay: looking through all of
them again and again while they are made would take as long as making them.
"""

from __future__ import annotations

import gc


def hold() -> None:
    """Until `go_on`: while the program starts nothing is there that could be collected."""
    gc.disable()


def go_on() -> None:
    """From now on collect seldom, and never look again at what is there already: modules, classes, the window."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()
