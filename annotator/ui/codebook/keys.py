"""Whether a layer's key is free: other layers have keys, and so has the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence

from annotator.domain.codebook import Codebook
from annotator.domain.codebook_edit import warn_key

LAYERS = "tag.layer."


def other_layer(codebook: Codebook, key: str, layer_id: str) -> str:
    """A sentence where another layer has this key; "" where none has."""
    other = warn_key(codebook, key, layer_id)
    if other is None:
        return ""
    told = QCoreApplication.translate("LayerKeys", "{key} is the key of the layer {layer}.")
    return told.replace("{key}", key.upper()).replace("{layer}", other.name)


def fixed_key(actions: Iterable[QAction], key: str) -> str:
    """A sentence where an action of the window has this key; "" where none has."""
    wanted = QKeySequence(key.upper())
    if wanted.isEmpty():
        return ""
    for action in actions:
        if not action.objectName().startswith(LAYERS) and wanted in action.shortcuts():
            told = QCoreApplication.translate(
                "LayerKeys", "{key} does “{action}” already; pressed, it would do neither."
            )
            return told.replace("{key}", key.upper()).replace("{action}", action.text().rstrip("…"))
    return ""
