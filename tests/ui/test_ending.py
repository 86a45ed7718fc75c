"""The window ends in order when the system asks for it, and what waits for that costs nothing."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QWidget

from annotator import app

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of other systems")


@pytest.fixture
def handlers() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_it_is_quiet_until_it_is_asked_to_end(qtbot: Any, handlers: None) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    app._end_in_order(window)  # type: ignore[arg-type]
    gc.collect()
    woken: list[int] = []
    (notifier,) = window.findChildren(QSocketNotifier)
    notifier.activated.connect(lambda: woken.append(1))
    for _ in range(20):
        qtbot.wait(0)
    assert woken == []
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: not window.isVisible())
    qtbot.waitUntil(lambda: woken == [1])
