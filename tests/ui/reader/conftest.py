"""A reader in a window, and annotations by the words they cover."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.domain.defaults import DEFAULT_CODEBOOK
from annotator.domain.model import Annotation, Fragment
from annotator.ui import fonts
from annotator.ui.reader.view import Reader

Tag = Callable[..., Annotation]


@pytest.fixture
def reader(qtbot: QtBot, qapp: QApplication) -> Reader:
    fonts.load()
    widget = Reader()
    qtbot.addWidget(widget)
    widget.resize(816, 600)
    widget.set_layers(DEFAULT_CODEBOOK.layers)
    widget.show()
    qtbot.waitExposed(widget)
    widget.setFocus()
    return widget


@pytest.fixture
def tag(reader: Reader) -> Tag:
    """`tag("claim", "words", "more words", name="c1")`: an annotation over the first place of each in the reader's text."""

    def make(layer: str, *words: str, name: str = "") -> Annotation:
        at = 0
        fragments = []
        for word in words:
            at = reader.text().index(word, at)
            fragments.append(Fragment(at, at + len(word)))
            at += len(word)
        return Annotation(name or f"{layer} {words[0]}", "d", f"layer-{layer}", "me", tuple(fragments))

    return make
