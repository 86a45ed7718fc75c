"""The rule by which the inspector's columns are patched instead of rebuilt, and the order in which Tab goes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QWidget


class Patchwork:
    """The children of a layout, by key. Those whose key stays are kept, with their focus and half-typed text."""

    def __init__(self, layout: QLayout) -> None:
        self._layout = layout
        self._parts: dict[Hashable, QWidget] = {}

    def __iter__(self) -> Iterator[QWidget]:
        return iter(self._parts.values())

    def get(self, key: Hashable) -> QWidget | None:
        """The child of this key."""
        return self._parts.get(key)

    def show(self, wanted: Sequence[tuple[Hashable, Callable[[], QWidget]]]) -> list[QWidget]:
        """Make the children be these, in this order."""
        keys = [key for key, _ in wanted]
        before = list(self._parts)
        if keys != before:
            gone = [key for key in before if key not in set(keys)]
            heir = self._heir(before, gone, keys)
            fresh = {key: self._parts[key] if key in self._parts else make() for key, make in wanted}
            new = [widget for key, widget in fresh.items() if key not in self._parts]
            while self._layout.count():
                self._layout.takeAt(0)
            for widget in fresh.values():
                self._layout.addWidget(widget)
            dropped = [self._parts[key] for key in gone]
            self._parts = dict(fresh)
            for widget in new:
                widget.show()
            if heir is not None and heir in self._parts:
                focus_into(self._parts[heir])
            for widget in dropped:
                widget.hide()
                widget.deleteLater()
        return list(self._parts.values())

    def _heir(self, before: list[Hashable], gone: list[Hashable], keys: list[Hashable]) -> Hashable | None:
        """The child that takes the focus where the one that has it goes."""
        focus = QApplication.focusWidget()
        for key in gone:
            part = self._parts[key]
            if focus is not None and (part is focus or part.isAncestorOf(focus)):
                place = before.index(key)
                later = [k for k in before[place + 1 :] if k in keys]
                earlier = [k for k in reversed(before[:place]) if k in keys]
                return next(iter([*later, *earlier]), None)
        return None


def focus_into(widget: QWidget) -> bool:
    """Give the keyboard to this widget or to the first inside it that takes it by Tab."""
    for candidate in [widget, *in_order(widget)]:
        if candidate.focusPolicy() & Qt.FocusPolicy.TabFocus and candidate.isEnabled() and not candidate.isHidden():
            candidate.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def chain_tab_order(widgets: Iterable[QWidget]) -> None:
    """Let Tab go through these in this order."""
    previous: QWidget | None = None
    for widget in widgets:
        if previous is not None:
            QWidget.setTabOrder(previous, widget)
        previous = widget


def in_order(widget: QWidget) -> list[QWidget]:
    """The widgets that take Tab below this one, as their layouts order them."""
    found: list[QWidget] = []
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        found.append(widget)
        if widget.focusProxy() is not None:
            return found
    layout = widget.layout()
    if layout is not None:
        _collect(layout, found)
    return found


def _collect(layout: QLayout, found: list[QWidget]) -> None:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            found += in_order(widget)
        elif inner is not None:
            _collect(inner, found)
