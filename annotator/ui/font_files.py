"""The files of the bundled fonts, and those of them that the first screen needs."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Thread

from PySide6.QtGui import QFontDatabase

from annotator import resources

FIRST = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "SourceSerifPro-Regular.otf",
    "SourceSerifPro-Semibold.otf",
)
ALL = (
    *FIRST,
    "SourceSerifPro-RegularIt.otf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
    "NotoSerifHebrew-Regular.ttf",
    "NotoSerifHebrew-Bold.ttf",
)
_loaded: set[str] = set()


def register(names: Iterable[str]) -> None:
    """Make these fonts known to Qt."""
    for name in names:
        if name not in _loaded:
            _loaded.add(name)
            QFontDatabase.addApplicationFont(str(resources.path("fonts", name)))


def register_first() -> Thread:
    """Begin with the first font; join the thread, and register the others of FIRST, before any text is measured.

    With the first comes the system's own list of fonts, which takes ten times as long as all of ours. One call only:
    for each the thread would have to wait until the program, which imports what it needs meanwhile, lets Python go.
    """
    thread = Thread(target=register, args=(FIRST[:1],), name="fonts")
    thread.start()
    return thread
