"""A bug in whatever the window does is caught once, shown with its details, written down, and leaves the project whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from annotator.services.checking import check_file
from annotator.storage.gate import Gate
from annotator.ui import crash, settings
from annotator.ui.actions import ACTIONS, Actions
from annotator.ui.dialogs.crash import CrashDialog
from tests.torture.window import Person, settings_in, study
from tests.torture.work import digest_of


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The reports that a person would have seen."""
    found: list[str] = []

    def read(dialog: CrashDialog) -> int:
        found.append(dialog.report)
        dialog.deleteLater()
        return 1

    monkeypatch.setattr(CrashDialog, "exec", read)
    return found


@pytest.fixture
def person(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    settings_in(tmp_path)
    made = Person(study(tmp_path / "study.annot"))
    monkeypatch.setattr("sys.excepthook", crash.sys.excepthook)  # put back afterwards
    monkeypatch.setattr("threading.excepthook", crash.threading.excepthook)
    crash.catch_bugs(made.window)
    yield made
    made.leave()
    settings.use(None)


def logged() -> str:
    return crash.log_path().read_text("utf-8")


def test_a_bug_in_every_action_in_turn(
    person: Person, shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    person.tag("Ada Roy", "A")
    path, before = person.project.path, digest_of(person.project.store.connection)
    layers = [id_ for id_ in person.window.actions_.by_id if id_.startswith("tag.layer.")]
    assert layers
    now = ""

    def broken(_self: Actions, _handler: Callable[[], object]) -> None:
        raise RuntimeError(f"broken: {now}")

    monkeypatch.setattr(Actions, "_run", broken)
    ids = [spec.id for spec in ACTIONS] + layers
    for number, id_ in enumerate(ids, 1):
        now = id_
        crash._told.clear()
        action = person.window.actions_.by_id[id_]
        action.setEnabled(True)
        action.trigger()
        person.settle()
        assert len(shown) == number, id_
        assert f"RuntimeError: broken: {id_}" in shown[-1]
        assert person.project.path == path, f"after {id_} the project is open again"
    assert digest_of(person.project.store.connection) == before
    assert f"broken: {ids[-1]}" in logged()
    person.window.close_project()
    assert check_file(path) == []
    assert f"broken: {ids[0]}" in capsys.readouterr().err


EDITS = [spec.id for spec in ACTIONS if spec.edits]


def test_a_bug_in_the_middle_of_every_edit_leaves_nothing_half_done(
    person: Person, shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    person.tag("the border is open", "C")
    person.tag("Ada Roy", "S")
    path, connection = person.project.path, person.project.store.connection
    before = digest_of(connection)
    swap, writes = Gate._swap, 0

    def breaks(self: Gate, *arguments: Any) -> None:
        nonlocal writes
        swap(self, *arguments)
        writes += 1
        raise RuntimeError("in the middle")

    monkeypatch.setattr(Gate, "_swap", breaks)
    layers = [id_ for id_ in person.window.actions_.by_id if id_.startswith("tag.layer.")]
    caught = 0
    for id_ in [*EDITS, *layers]:
        if id_.startswith("project.") or id_ == "tag.entry":
            continue  # these ask first, for files or for a name
        crash._told.clear()
        for words in ("Western media", ""):
            if person.workspace.annotations:
                person.workspace.set_active(next(iter(person.workspace.annotations)))
            if words:
                start = person.workspace.text.index(words)
                person.reader.select(start, start + len(words))
            person.window.actions_.by_id[id_].trigger()
            person.settle()
            leave_dialogs(person.window)
            caught = len(shown)
            assert person.project.path == path
            assert digest_of(person.project.store.connection) == before, id_
    assert writes > 12
    assert caught > 10
    monkeypatch.undo()
    person.window.close_project()
    assert check_file(path) == []
    capsys.readouterr()


def leave_dialogs(window: QObject) -> None:
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    Person.settle()


def test_a_bug_after_the_commit_shows_what_is_saved(
    person: Person, shown: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path = person.project.path
    monkeypatch.setattr(type(person.window.workbench.documents), "position_of", lambda *_: 1 / 0)
    person.tag("Ada Roy", "A")
    assert len(shown) == 1
    assert "ZeroDivisionError" in shown[0]
    assert person.workspace.project is None, "it cannot be shown, so it is closed"
    monkeypatch.undo()
    assert person.window.commands.open_path(path)
    assert person.tagged() == ["Ada Roy"]
    capsys.readouterr()


def test_a_bug_in_an_event_handler_is_shown_once_and_then_only_written_down(
    person: Person, shown: list[str], monkeypatch: pytest.MonkeyPatch, qtbot: Any, capsys: Any
) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("while painting")

    canvas = person.window.workbench.banner
    with monkeypatch.context() as broken:
        broken.setattr(type(canvas), "paintEvent", breaks)
        painted = QTimer(person.window)
        painted.timeout.connect(canvas.show)  # the project is opened again meanwhile, which hides it
        painted.timeout.connect(canvas.update)
        painted.start(1)
        qtbot.waitUntil(lambda: logged_if_any().count("while painting") > 4)
        painted.stop()
        canvas.hide()
    assert len(shown) == 1
    assert "The same fault once more" in person.window.status.hint_text()
    assert person.workspace.project is not None
    capsys.readouterr()


def logged_if_any() -> str:
    return logged() if crash.log_path().exists() else ""


def test_a_bug_in_a_timer_and_in_a_thread(person: Person, shown: list[str], qtbot: Any, capsys: Any) -> None:
    from threading import Thread

    def breaks(what: str) -> None:
        raise RuntimeError(f"in a {what}")

    QTimer.singleShot(0, person.window, lambda: breaks("timer"))
    qtbot.waitUntil(lambda: len(shown) == 1)
    thread = Thread(target=breaks, args=("thread",))
    thread.start()
    thread.join()
    assert "in a thread" in logged(), "nothing is shown from another thread"
    assert len(shown) == 1
    capsys.readouterr()


def test_the_log_is_bounded(user_folders: Path, capsys: Any) -> None:
    for number in range(60):
        crash.log(f"{number} " + "x" * 20_000)
    kept = sorted(crash.log_path().parent.glob("faults.log*"))
    assert len(kept) == crash.LOGS
    assert sum(path.stat().st_size for path in kept) < crash.LOGS * (crash.LOG_SIZE + 30_000)
    assert "59 x" in logged()
    capsys.readouterr()
