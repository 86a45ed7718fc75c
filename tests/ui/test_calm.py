"""The window answers while the largest things happen in it: an article of ten megabytes, an import, the search index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Coder, Document, DocumentData, Entry, Link, ProjectInfo
from annotator.interchange.json_format import JsonExporter
from annotator.services.project import Project
from annotator.ui import fonts, settings, theme
from tests.benchmarks.text import CODER, annotations, article, documents
from tests.ui.desk import Desk
from tests.ui.heart import Heart

pytestmark = pytest.mark.xdist_group("calm")  # not beside each other: they load a machine

LAYERS = ("layer-claim", "layer-source", "layer-cue")
CTRL = Qt.KeyboardModifier.ControlModifier
A_MINUTE = 60_000


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, qapp: QApplication) -> Iterator[None]:
    fonts.load()
    theme.apply(qapp, "light")
    settings.use(settings.Settings(tmp_path / "settings.ini"))
    yield
    settings.use(None)


@pytest.fixture
def heart(tmp_path: Path, qapp: QApplication) -> Iterator[Heart]:
    with Heart(tmp_path) as beating:
        yield beating


def small_project(path: Path, large: tuple[int, int] | None = None) -> None:
    """A short article, and one of so many characters and annotations, a third of them in attributions."""
    project = Project.create(path, coder="R. Amin")
    with project.step("Import {what}", "articles") as step:
        step.add(CODER)
        for position, (name, size, count) in enumerate([("short", 2000, 5), *([("large", *large)] if large else [])]):
            text = article(size, position)
            step.add(Document(name, name, step.add_text(text), "in progress", {}, position))
            made = annotations(name, text, count, position)
            step.add(made)
            by_layer = [[a.id for a in made if a.layer_id == layer] for layer in LAYERS]
            step.add([
                Link(f"{name}-link-{n:05}", name, "link-attribution", CODER.id, {"claim": (c,), "source": (s,), "cue": (q,)})
                for n, (c, s, q) in enumerate(zip(*by_layer, strict=False))
                if n < count // 10
            ])  # fmt: skip
    project.index_texts()
    project.close()


def settled(desk: Desk) -> bool:
    """Whether nothing is under way beside the window or in steps."""
    pane, panel = desk.window.workbench.pane, desk.window.workbench.panel
    waiting = (panel.outline._timer, panel.inspector._timer, pane.suggestions._later, pane._count)
    busy = desk.workspace.loading or desk.reader.filling or desk.reader.marking or pane.suggestions.looking
    return not busy and not any(timer.isActive() for timer in waiting)


def test_ten_megabytes_with_a_hundred_thousand_annotations(qtbot: QtBot, tmp_path: Path, heart: Heart) -> None:
    path = tmp_path / "large.annot"
    small_project(path, (10_000_000, 100_000))
    desk = Desk(qtbot, path)
    desk.reader.setFocus()
    workspace, outline = desk.workspace, desk.window.workbench.panel.outline
    qtbot.waitUntil(lambda: settled(desk), timeout=A_MINUTE)

    heart.watch()
    workspace.open_document("large")
    desk.reader.viewport().repaint()
    # The text and what is tagged in sight are there before the rest.
    assert desk.reader.visible_ids() != []
    assert workspace.loading
    assert "Reading the annotations" in desk.window.status._place.text()
    qtbot.waitUntil(lambda: settled(desk), timeout=A_MINUTE)
    assert heart.calm(), heart.told()
    assert "Reading" not in desk.window.status._place.text()
    assert len(workspace.annotations) == 100_000
    assert len(desk.reader.store.annotations) == 100_000
    assert outline.model.rowCount() > 20_000
    assert desk.reader.document().characterCount() == 10_000_001

    made = []
    for place in (0, 5_000_000, 9_999_000):
        at = workspace.text.index(" ", place) + 1
        desk.reader.set_caret(at)
        for key in ("A", "C", "S"):
            before = set(workspace.annotations)
            heart.watch()
            desk.press(key)
            # In the text at once, in the list when the hands rest.
            qtbot.waitUntil(lambda: not outline._timer.isActive())
            assert heart.calm(), (place, key, heart.told())
            (new,) = set(workspace.annotations) - before
            assert new in desk.reader.store.at(workspace.annotations[new].start)
            made.append(new)
            QTest.keyClick(desk.reader, Qt.Key.Key_Right, CTRL)
            QTest.keyClick(desk.reader, Qt.Key.Key_Right, CTRL)
    heart.watch()
    for _ in made:
        desk.press("Ctrl+Z")
    assert len(workspace.annotations) == 100_000
    desk.press("N", "P", "Ctrl+Home", "Ctrl+End")
    assert heart.calm(), heart.told()
    desk.window.close()


def test_keys_work_while_annotations_are_read(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "large.annot"
    small_project(path, (400_000, 6_000))
    desk = Desk(qtbot, path)
    workspace = desk.workspace
    workspace.open_document("large")
    assert workspace.loading
    desk.reader.setFocus()
    desk.press("N")
    assert "still being read" in desk.hint
    # What is far away is at hand as soon as the caret is there.
    far = max(desk.workspace.project.documents.annotations("large"), key=lambda a: a.start)
    desk.reader.set_caret(far.start)
    if far.id not in desk.reader.store.at(desk.reader.places.view(far.start)):
        workspace.set_active(far.id)
    else:
        desk.press("O")
    assert workspace.active is not None
    sources = [a for a in workspace.project.documents.annotations("large") if a.layer_id == "layer-source"]
    linked = next(s for s in sources if workspace.project.linking.levels(s.id) or True)
    workspace.set_active(linked.id)
    assert workspace.active_card is not None
    assert workspace.active_card.claim.id != linked.id
    # What is tagged and deleted meanwhile is so when all is read.
    workspace.set_active(None)
    desk.reader.set_caret(0)
    desk.press("C")
    claim = workspace.active_id
    assert claim is not None
    workspace.project.tagging.remove([far.id])
    assert workspace.loading
    with qtbot.waitSignal(workspace.document_read, timeout=A_MINUTE):
        pass
    assert claim in workspace.annotated.annotations
    assert far.id not in workspace.annotated.annotations
    assert len(workspace.annotations) == 6_000
    assert workspace.number(workspace.annotations[claim]) == "C1"
    qtbot.waitUntil(lambda: settled(desk), timeout=A_MINUTE)
    assert set(desk.reader.store.annotations) == set(workspace.annotations)
    assert claim in desk.reader.store.at(0)
    desk.window.close()


def test_leaving_while_it_is_read_and_asking_for_all_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "large.annot"
    small_project(path, (400_000, 6_000))
    desk = Desk(qtbot, path)
    workspace = desk.workspace
    workspace.open_document("large")
    workspace.open_document("short")
    assert not workspace.loading
    assert len(workspace.annotations) == 5
    workspace.open_document("large")
    assert len(workspace.annotations) == 6_000  # whoever asks for all of them waits
    assert not workspace.loading
    workspace.open_document("short")
    workspace.open_document("large")
    desk.window.close()
    assert workspace.project is None


def test_ten_thousand_documents_are_imported_and_indexed(qtbot: QtBot, tmp_path: Path, heart: Heart) -> None:
    path, source = tmp_path / "study.annot", tmp_path / "many.json"
    small_project(path)
    export(source)
    desk = Desk(qtbot, path)
    desk.reader.setFocus()
    qtbot.waitUntil(lambda: settled(desk))
    heart.watch()
    with qtbot.waitSignal(desk.window.files.imported, timeout=2 * A_MINUTE):
        desk.window.files.start([source])
    qtbot.waitUntil(lambda: settled(desk))
    assert heart.calm(), heart.told()
    assert desk.window.workbench.documents.model.counts()[1] == 10_001

    indexing = desk.window.indexing
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow)
    desk.reader.setFocus()
    heart.watch()
    indexing.begin()
    assert indexing.going_on
    desk.press("A")  # a step meanwhile waits for its turn, not for the end
    assert len(desk.workspace.annotations) == 6
    assert indexing.going_on
    qtbot.waitUntil(lambda: not indexing.going_on, timeout=A_MINUTE)
    assert heart.calm(), heart.told()
    assert len(desk.workspace.project.search.find("talks", 100_000)) > 0
    desk.window.close()


class _Many:
    """Ten thousand short articles, with one annotation in each."""

    info, codebook = ProjectInfo("many", "Many"), DEFAULT_CODEBOOK

    def coders(self) -> list[Coder]:
        return [CODER]

    def entries(self) -> list[Entry]:
        return []

    def documents(self) -> Iterator[DocumentData]:
        return documents(10_000, 1, 300)


def export(path: Path) -> None:
    """As the program writes them."""
    with path.open("wb") as out:
        JsonExporter().write(_Many(), out, {})
