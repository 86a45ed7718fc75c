"""The outline: what stands under what, and that rows are patched, not reloaded."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from annotator.domain.model import Fragment
from annotator.ui.panel.outline_nodes import Node

Key = Qt.Key


def rows(bench) -> list[Node]:
    model = bench.panel.outline.model
    return [model.node(model.index(row, 0)) for row in range(model.rowCount())]


def read(bench) -> list[str]:
    """The rows as depth, number or label."""
    found = []
    for node in rows(bench):
        depth, above = 0, node.parent
        while above is not None:
            depth, above = depth + 1, above.parent
        words = bench.workspace.number(node.annotation) if node.annotation is not None else node.label
        found.append("  " * depth + ("via " if node.via else "") + words)
    return found


def only(bench, *layers: str) -> None:
    """Press the chips until these layers alone are shown."""
    for layer_id, chip in bench.panel.outline._chips.items():
        if chip.isChecked() != (layer_id in layers):
            chip.setFocus()
            bench.press(Key.Key_Space)


def test_by_claim_the_active_one_stands_open(bench):
    bench.activate("C8")
    assert read(bench) == [
        *(f"C{n}" for n in range(1, 9)), "  S6", "    via S7", "C9", "C10", "C11",
    ]  # fmt: skip
    bench.activate("C9")
    assert read(bench)[8:11] == ["C9", "  S6", "    via S7"]
    bench.workspace.set_active(None)
    bench.settle()
    assert read(bench) == [f"C{n}" for n in range(1, 12)]


def test_chips_count_and_filter(bench):
    outline = bench.panel.outline
    counts = {chip.text(): chip.count() for chip in outline._chips.values()}
    assert counts == {"Actors": 39, "Claims": 11, "Sources": 9, "Cues": 12}
    assert [chip.isChecked() for chip in outline._chips.values()] == [False, True, True, False]
    bench.activate("C8")
    only(bench, "layer-actor", "layer-claim", "layer-source", "layer-cue")
    at = read(bench).index("C8")
    assert read(bench)[at : at + 10] == [
        "C8", "  S6", "    Q8", "    via S7", "      Q10", "  A27", "  A28", "  A29", "C9", "C10",
    ]  # fmt: skip
    assert "Not in an attribution" in read(bench)
    only(bench, "layer-cue")
    assert read(bench) == [f"Q{n}" for n in range(1, 13)]
    only(bench)
    assert read(bench) == []
    assert outline._nothing.isVisible()


def test_the_current_row_and_the_active_annotation_follow_each_other(bench):
    view = bench.panel.outline.view
    bench.activate("C3")
    assert view.current().annotation.id == bench.named("C3").id
    bench.panel.focus_outline()
    bench.press(Key.Key_Down)
    assert bench.workspace.active_id == bench.card("C3").levels[0].sources[0].id
    bench.press(Key.Key_Down)
    assert bench.workspace.active_id == bench.named("C4").id
    with bench.qtbot.waitSignal(bench.workspace.reveal):
        bench.press(Key.Key_Return)


def test_a_source_used_twice_keeps_the_row_that_was_chosen(bench):
    bench.activate("C3")
    bench.panel.focus_outline()
    bench.press(Key.Key_Down)
    current = bench.panel.outline.view.current()
    assert bench.workspace.number(current.annotation) == "S2"
    assert current.top.annotation.id == bench.named("C3").id


def test_arrows_open_and_close(bench):
    bench.activate("C8")
    bench.panel.focus_outline()
    bench.press(Key.Key_Left)
    assert "  S6" not in read(bench)
    bench.press(Key.Key_Right)
    assert "    via S7" in read(bench)
    bench.press(Key.Key_Right)
    assert bench.panel.outline.view.current().kind == "source"
    bench.press(Key.Key_Left)
    assert bench.panel.outline.view.current().kind == "claim"


def test_arrows_are_mirrored_from_right_to_left(open_bench):
    bench = open_bench(rtl=True)
    bench.activate("C8")
    bench.panel.focus_outline()
    bench.press(Key.Key_Right)
    assert "  S6" not in read(bench)
    bench.press(Key.Key_Left)
    assert "  S6" in read(bench)


def test_what_a_person_opened_stays_open(bench):
    bench.activate("C1")
    bench.panel.focus_outline()
    bench.press(Key.Key_Left)
    bench.press(Key.Key_Right)
    bench.activate("C5")
    assert read(bench)[:2] == ["C1", "  S1"]


def test_a_click_chooses_and_a_click_on_the_chevron_opens(bench):
    view = bench.panel.outline.view
    bench.activate("C1")
    third = next(row for row, node in enumerate(rows(bench)) if node.key == bench.named("C3").id)
    box = view.visualRect(view.model().index(third, 0))
    bench.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(120, box.center().y()))
    bench.settle()
    assert bench.workspace.active_id == bench.named("C3").id
    fifth = next(row for row, node in enumerate(rows(bench)) if node.key == bench.named("C5").id)
    box = view.visualRect(view.model().index(fifth, 0))
    bench.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(22, box.center().y()))
    bench.settle()
    assert bench.workspace.active_id == bench.named("C3").id
    assert "  S4" in read(bench) or len(read(bench)) > 13


def test_del_deletes_and_the_next_row_becomes_active(bench):
    gone, following = bench.activate("C4"), bench.named("C5")
    bench.panel.focus_outline()
    before = bench.steps()
    bench.press(Key.Key_Delete)
    assert gone.id not in bench.workspace.annotations
    assert bench.workspace.active_id == following.id
    assert bench.steps() == before + 1
    assert QApplication.focusWidget() is bench.panel.outline.view
    bench.project.undo()
    bench.settle()
    assert gone.id in bench.workspace.annotations
    assert len([n for n in rows(bench) if n.kind == "claim"]) == 11


def test_rows_are_patched_not_reloaded(bench):
    bench.activate("C8")
    model = bench.panel.outline.model
    resets, inserted, removed = [], [], []
    model.modelReset.connect(lambda: resets.append(1))
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: removed.append((first, last)))
    before = rows(bench)
    start = bench.workspace.text.index("For his part")
    claim = bench.project.tagging.tag(bench.workspace.document.id, "layer-claim", (Fragment(start, start + 12),))
    bench.settle()
    assert not resets
    assert not removed
    assert len(inserted) == 1
    assert inserted[0][0] == inserted[0][1]
    assert [node for node in rows(bench) if node.key != claim.id] == before
    bench.project.undo()
    bench.settle()
    assert rows(bench) == before
    assert len(removed) == 1


def test_a_source_added_to_the_open_claim_appears_under_it(bench):
    claim = bench.activate("C5")
    start = bench.workspace.text.index("For his part")
    source = bench.project.tagging.tag_into(
        bench.workspace.document.id, "layer-source", (Fragment(start, start + 12),), claim.id, relay=True
    )
    bench.settle()
    assert f"    via {bench.workspace.number(source)}" in read(bench)
    assert bench.panel.outline.view.current().annotation.id == claim.id


def test_in_text_order_by_layer_and_by_entry(bench):
    outline = bench.panel.outline
    only(bench, "layer-actor", "layer-claim", "layer-source", "layer-cue")
    outline.set_mode("text")
    starts = [node.annotation.start for node in rows(bench)]
    assert len(starts) == len(bench.workspace.annotations)
    assert starts == sorted(starts)
    outline.set_mode("layer")
    assert [line for line in read(bench) if not line.startswith(" ")] == ["Actors", "Claims", "Sources", "Cues"]
    outline.set_mode("entry")
    groups = [line for line in read(bench) if not line.startswith(" ")]
    assert "United States" in groups
    assert groups[-1] == "Without an entry"
    bench.activate("A1")
    assert outline.view.current().annotation.id == bench.named("A1").id


def test_the_mode_is_chosen_by_key_and_kept(bench):
    outline = bench.panel.outline
    outline.mode_button.setFocus()
    bench.qtbot.keyClick(outline.mode_button, Key.Key_Return)
    menu = QApplication.activePopupWidget()
    bench.qtbot.keyClick(menu, Key.Key_Down)
    bench.qtbot.keyClick(menu, Key.Key_Return)
    bench.settle()
    assert outline.mode == "text"
    assert outline.mode_button.text() == "In text order"
    state = outline.state()
    outline.set_mode("claim")
    outline.restore(state)
    assert outline.mode == "text"


def test_esc_gives_the_keyboard_back_to_the_article(bench):
    bench.panel.focus_outline()
    with bench.qtbot.waitSignal(bench.workspace.focus_reader):
        bench.press(Key.Key_Escape)
    chip = next(iter(bench.panel.outline._chips.values()))
    chip.setFocus()
    with bench.qtbot.waitSignal(bench.workspace.focus_reader):
        bench.press(Key.Key_Escape)


def test_rows_speak(bench):
    bench.activate("C8")
    model = bench.panel.outline.model
    spoken = [model.data(model.index(r, 0), Qt.ItemDataRole.AccessibleTextRole) for r in range(model.rowCount())]
    said = next(text for text in spoken if "C8" in text)
    assert "said by a Syrian official" in said
    assert "open" in said
    assert any(text.startswith("Reported by") for text in spoken)


def test_another_document_and_none(bench):
    bench.activate("C8")
    other = bench.project.documents.add("Empty", "Nothing here yet.")
    bench.workspace.open_document(other.id)
    bench.settle()
    assert read(bench) == []
    assert bench.panel.outline._nothing.text() == "Nothing tagged in this article yet."
    assert bench.panel.inspector.empty.isVisible()
    bench.workspace.close_project()
    bench.settle()
    assert bench.panel.outline._nothing.text() == ""


def test_ten_thousand_rows_need_no_call_for_each_in_view(bench):
    document = bench.project.documents.add("Long", "word " * 10_000)
    with bench.project.step("Fill") as step:
        coder = bench.project.coder_id(step)
        from annotator.domain.ids import new_id
        from annotator.domain.model import Annotation

        step.add(
            [
                Annotation(new_id(), document.id, "layer-claim", coder, (Fragment(n * 5, n * 5 + 4),))
                for n in range(10_000)
            ]
        )
    with bench.qtbot.waitSignal(bench.workspace.document_read):
        bench.workspace.open_document(document.id)
    bench.settle()
    model = bench.panel.outline.model
    assert model.rowCount() == 10_000
    asked = []
    text = model._text
    model._text = lambda annotation: asked.append(1) or text(annotation)
    bench.activate("C5000")
    bench.project.tagging.tag(document.id, "layer-claim", (Fragment(0, 9),))
    bench.settle()
    assert model.rowCount() == 10_001
    assert len(asked) < 200


# The filter line


def test_the_filter_line_finds_words_and_entries_and_lets_go(bench, qtbot):
    outline = bench.panel.outline
    before = read(bench)
    outline.focus_tree()
    bench.press(Key.Key_Slash)
    assert outline.filter_field.isVisible()
    source = bench.named("S6")
    bench.type(bench.workspace.annotation_text(source).upper())
    assert source.id in [node.key for node in rows(bench)]
    assert 0 < len(rows(bench)) < 20
    bench.press(Key.Key_Down)
    bench.activate("S6")
    assert outline.view.current().key == source.id
    # A change while it filters.
    bench.project.tagging.remove([source.id])
    bench.settle()
    assert source.id not in [node.key for node in rows(bench)]
    bench.project.undo()
    bench.settle()
    assert source.id in [node.key for node in rows(bench)]
    outline.filter_field.setText("no such words")
    assert rows(bench) == []
    assert not outline.view.isVisible()
    outline.filter_field.setFocus()
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_Escape)
    assert not outline.filter_field.isVisible()
    bench.workspace.set_active(None)
    bench.settle()
    assert read(bench) == before


def test_the_filter_line_finds_entries_and_only_shown_layers(bench):
    outline = bench.panel.outline
    entry = next(e for e in bench.project.entries.all() if e.name and bench.project.entries.mentions(e.id) > 1)
    only(bench, "layer-actor", "layer-source")
    outline.filter_field.setText(entry.name.upper())
    held = {id_ for id_ in bench.project.entries.mentioned_in(entry.id) if id_ in bench.workspace.annotations}
    shown = {id_ for id_ in held if bench.workspace.annotations[id_].layer_id in ("layer-actor", "layer-source")}
    assert shown <= {node.key for node in rows(bench)}
    bench.project.entries.edit(entry.id, name="Renamed by hand")
    bench.settle()
    outline.filter_field.setText("renamed by")
    assert {node.key for node in rows(bench)} == shown
