"""Work in a thread: results, errors, progress, stopping."""

from __future__ import annotations

import threading

from annotator.domain.errors import Cancelled
from annotator.ui.worker import run, stop_all


def test_result_and_progress_arrive_in_the_windows_thread(qtbot):
    seen, done = [], []

    def work(control):
        for number in range(5):
            control.report(number + 1, 5, "x")
        return threading.current_thread()

    task = run(
        work,
        lambda result: done.append((result, threading.current_thread())),
        on_progress=lambda now, total, what: seen.append((now, total, what)),
    )
    qtbot.waitUntil(lambda: not task.running)
    assert done[0][0] is not threading.main_thread()
    assert done[0][1] is threading.main_thread()
    assert seen[-1] == (5, 5, "x")


def test_an_error_arrives(qtbot):
    errors = []
    task = run(lambda control: 1 // 0, on_error=errors.append)
    qtbot.waitUntil(lambda: not task.running)
    assert isinstance(errors[0], ZeroDivisionError)


def test_cancel_stops_at_the_next_report(qtbot):
    started, errors, done = threading.Event(), [], []

    def work(control):
        started.set()
        while True:
            control.check()

    task = run(work, done.append, errors.append)
    assert started.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: not task.running)
    assert isinstance(errors[0], Cancelled)
    assert not done


def test_dropped_work_says_nothing_more(qtbot):
    told, go = [], threading.Event()
    task = run(lambda control: go.wait(5), told.append, told.append)
    task.drop()
    go.set()
    stop_all()
    qtbot.waitUntil(lambda: not task.running)
    assert not told
