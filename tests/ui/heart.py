"""How long the event loop stood still, counted in the ticks of another process: no clock is read.

The ticks come from outside, because whatever holds Python's lock would hold up a counter in this process too. How much
a machine does between two ticks is told by a piece of work of known size, done beside another thread that is at work too.
"""

from __future__ import annotations

import mmap
import struct
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

_TICKER = """
import mmap, select, struct, sys
with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 8) as shared:
    ticks = 0
    while not select.select([sys.stdin], [], [], 0.005)[0]:
        ticks += 1
        struct.pack_into("q", shared, 0, ticks)
"""
MOST = 20
"""Ticks in a tenth of a second."""
_TRIES = 24
_DISTURBED = 1.3
_WORK, _WORK_TICKS = 400_000, 3.5
"""Rounds of a loop, and how many ticks they take on a machine of two idle cores, where another thread has half of it."""


class Heart:
    """`with Heart(folder) as heart: …; heart.watch(); …; assert heart.calm(), heart.told()`."""

    def __init__(self, folder: Path) -> None:
        path = folder / "ticks"
        path.write_bytes(bytes(8))
        self._file = path.open("r+b")
        self._shared = mmap.mmap(self._file.fileno(), 8)
        self._ticker = subprocess.Popen([sys.executable, "-c", _TICKER, str(path)], stdin=subprocess.PIPE)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self._last = 0
        self._gaps: list[int] = []
        self._scale = 1.0

    def __enter__(self) -> Heart:
        while self.ticks() < 3:  # it has come to life
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._timer.stop()
        assert self._ticker.stdin is not None
        self._ticker.stdin.close()
        self._ticker.wait()
        self._shared.close()
        self._file.close()

    def ticks(self) -> int:
        """How often the other process ticked."""
        return int(struct.unpack_from("q", self._shared, 0)[0])

    def watch(self) -> None:
        """Count from now on."""
        self._gaps, self._scale = [], 1.0
        self._last = self.ticks()
        self._timer.start()

    def calm(self) -> bool:
        """Whether the event loop went round ten times a second or more since `watch`, as far as this machine can."""
        self._beat()
        self._timer.stop()
        if max(self._gaps) > MOST:
            for _ in range(_TRIES):
                self._calibrate()
        return max(self._gaps) <= self._limit()

    def _limit(self) -> float:
        # Others are at work on a machine that stands still for so long now and then: what this process had to wait for
        # them cannot be told from what it made itself wait.
        return MOST * (3 * self._scale if self._scale > _DISTURBED else 1)

    def told(self) -> str:
        """What was counted."""
        return f"ticks without a beat: {sorted(self._gaps)[-5:]}; allowed: {self._limit():.0f}"

    def _beat(self) -> None:
        now = self.ticks()
        self._gaps.append(now - self._last)
        self._last = now

    def _calibrate(self) -> None:
        stop = threading.Event()
        other = threading.Thread(target=_work, args=(stop,))
        usual = sys.getswitchinterval()
        sys.setswitchinterval(0.001)  # as while a worker is at work
        other.start()
        begun, sum_ = self.ticks(), 0
        for number in range(_WORK):
            sum_ += number
        self._scale = max(self._scale, (self.ticks() - begun) / _WORK_TICKS)
        stop.set()
        other.join()
        sys.setswitchinterval(usual)


def _work(stop: threading.Event) -> None:
    sum_ = 0
    while not stop.is_set():
        for number in range(1000):
            sum_ += number
