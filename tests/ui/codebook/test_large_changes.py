"""Changes that touch very much are counted and made beside the window: the same comes of them, and they can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton

from annotator.domain.codebook_edit import Owner
from annotator.domain.errors import AnnotatorError
from annotator.services import coding
from annotator.services.project import Project
from annotator.storage import journal
from annotator.ui.codebook import adding
from annotator.ui.codebook.field_form import FieldForm
from annotator.ui.codebook.nodes import Node
from annotator.ui.codebook.touches import AskDialog
from annotator.ui.large_step import run_large
from tests.ui.codebook.conftest import Person

K, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
TYPE = Node("field", Owner("layer", "layer-claim"), "type")


@pytest.fixture(autouse=True)
def all_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coding, "LARGE", 0)
    monkeypatch.setattr(journal, "_LINES", 0)


def no_progress(person: Person) -> None:
    """Wait until the dialog that shows how far a step is has gone."""
    person.qtbot.waitUntil(lambda: not person.window.findChildren(QProgressDialog))


def choices(person: Person) -> tuple[str, ...]:
    return person.project.codebook.layers_by_id["layer-claim"].fields[0].choices


def test_a_choice_goes_and_comes_back(person: Person, snapshot: Callable[[], bytes]) -> None:
    before, steps = snapshot(), len(person.project.history())
    editor = person.editor()
    editor.choose(TYPE)
    form = editor.area.widget()
    assert isinstance(form, FieldForm)
    person.qtbot.waitUntil(lambda: "set in 2 annotations in 1 article" in form.uses.text())
    form.choices.table.setFocus()
    person.key(K.Key_Down, times=2)
    person.key(K.Key_Delete)
    asking = person.dialog(AskDialog)
    person.qtbot.waitUntil(lambda: asking.told.text() == "1 annotation in 1 article: the value follows")
    person.key(K.Key_Return, CTRL)
    person.gone(asking)
    no_progress(person)
    assert "policy" not in choices(person)
    assert len(person.project.history()) == steps + 1
    assert [a.fields.get("type") for a in person.window.workspace.annotations.values()].count("fact") == 2
    editor.undo()
    no_progress(person)
    assert snapshot() == before
    editor.redo()
    no_progress(person)
    assert "policy" not in choices(person)


def test_what_is_half_typed_is_saved_before_the_window_closes(person: Person) -> None:
    editor = person.editor()
    editor.choose(Node("role", Owner("link_type", "link-attribution"), "source"))
    editor.focus_form()
    person.key(K.Key_A, CTRL)
    person.type("speaker")
    person.key(K.Key_Escape)
    person.gone(editor)
    no_progress(person)
    roles = person.project.codebook.link_types_by_id["link-attribution"].roles
    assert "speaker" in [role.name for role in roles]
    (link,) = person.window.workspace.links.values()
    assert "speaker" in link.roles


def test_undo_of_the_window(person: Person) -> None:
    person.project.coding.rename_choice(Owner("layer", "layer-claim"), "type", "fact", "truth").apply()
    reader = person.window.workbench.pane.reader
    person.window.actions_.by_id["edit.undo"].trigger()
    assert person.window.findChildren(QProgressDialog), "the window cannot be used meanwhile"
    no_progress(person)
    assert "fact" in choices(person)
    assert person.window.status.hint_text() == "Undone: Rename in codebook: fact."
    person.qtbot.waitUntil(lambda: QApplication.activeWindow() in (None, person.window))
    assert reader.isEnabled()


def test_a_step_that_is_stopped_leaves_nothing(person: Person, snapshot: Callable[[], bytes]) -> None:
    before = snapshot()
    told: list[AnnotatorError] = []

    def work(other: Project, tell: Callable[[int], object]) -> None:
        with other.step("Change codebook: {what}", "all"):
            other.coding.rename_choice(Owner("layer", "layer-claim"), "type", "fact", "truth").apply()
            while True:
                tell(1)

    run_large(person.window, person.project, "Working…", work, lambda: told.append(AnnotatorError()), told.append, 10)
    (progress,) = person.window.findChildren(QProgressDialog)
    (stop,) = progress.findChildren(QPushButton)
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    no_progress(person)
    assert [str(error) for error in told] == ["Stopped. Nothing was kept."]
    assert snapshot() == before


def test_a_code_tree_comes_beside_the_window(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: Callable[[], bytes]
) -> None:
    monkeypatch.setattr(adding, "_SMALL", 0)
    before = snapshot()
    codes = "".join(
        f'<Code guid="{n:08}-0000-0000-0000-000000000000" name="Code {n}" isCodable="true"/>' for n in range(3)
    )
    (tmp_path / "codes.qdc").write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="x"><Codes>{codes}</Codes></CodeBook>'
    )
    editor = person.editor()
    editor.adding.import_file(tmp_path / "codes.qdc")
    no_progress(person)
    assert editor.told.text() == "3 codes came as entries; 0 were there already."
    editor.undo()
    no_progress(person)
    assert snapshot() == before
    (tmp_path / "bad.qdc").write_text("<CodeBook>")
    editor.adding.import_file(tmp_path / "bad.qdc")
    no_progress(person)
    assert "bad.qdc" in editor.error.text()
