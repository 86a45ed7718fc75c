"""The rule by which the inspector's columns are patched instead of rebuilt, and the order in which Tab goes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QSplitter, QWidget
from shiboken6 import isValid

_DEEPEST = 8  # columns inside each other


class Patchwork:
    """The children of a layout, by key. Those whose key stays are kept, with their focus and half-typed text."""

    def __init__(self, layout: QLayout) -> None:
        self._layout = layout
        self._parts: dict[Hashable, QWidget] = {}

    def __iter__(self) -> Iterator[QWidget]:
        return iter(self._parts.values())

    def holds_focus(self) -> bool:
        """Whether the keyboard is in one of them."""
        focus = QApplication.focusWidget()
        return focus is not None and any(part is focus or part.isAncestorOf(focus) for part in self)

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
            # Not takeAt: the item that it gives to Python would live on and keep the sizes that Qt remembers stale.
            for widget in self._parts.values():
                self._layout.removeWidget(widget)
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
    """Give the keyboard to the first thing inside this widget that takes it by Tab."""
    for candidate in in_order(widget):
        candidate.setFocus(Qt.FocusReason.TabFocusReason)
        return True
    return False


def lay_out_now() -> None:
    """Bring layouts up to date before the next frame is painted.

    Each column tells the one around it of its new height by a posted event; waiting for them all would show half-way
    states for some frames.
    """
    for _ in range(_DEEPEST):
        QCoreApplication.sendPostedEvents(None, int(QEvent.Type.LayoutRequest))


def give_back(widget: QWidget | None) -> None:
    """Give the keyboard to the widget that a popup took it from."""
    if widget is not None and isValid(widget) and widget.isVisible():
        widget.activateWindow()
        widget.setFocus(Qt.FocusReason.PopupFocusReason)


def in_order(widget: QWidget) -> list[QWidget]:
    """What takes the keyboard by Tab in a widget, in the order in which layouts, splitters and scroll areas show it.

    Qt's own chain is the order of creation, which patched columns do not keep.
    """
    found: list[QWidget] = []
    if not widget.isHidden():
        _collect(widget, found)
    return found


def step_from(focus: QWidget | None, order: list[QWidget], forward: bool) -> bool:
    """Move the keyboard on in an order; False at its end, or where the focus is elsewhere."""
    if focus is None or focus not in order:
        return False
    at = order.index(focus) + (1 if forward else -1)
    if not 0 <= at < len(order):
        return False
    order[at].setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def step_out(focus: QWidget | None, panel: QWidget, forward: bool) -> bool:
    """Move the keyboard to the nearest widget of the window that stands outside the panel."""
    widget = focus
    while widget is not None:
        widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
        if widget is None or widget is focus:
            return False
        outside = widget is not panel and not panel.isAncestorOf(widget) and not widget.isAncestorOf(panel)
        ready = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
        if outside and ready and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            return True
    return False


def _collect(widget: QWidget, found: list[QWidget]) -> None:
    takes_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    if takes_tab and widget.focusProxy() is None and widget.isEnabled():
        found.append(widget)
    children: Sequence[QWidget | None]
    if isinstance(widget, QSplitter):
        children = [widget.widget(place) for place in range(widget.count())]
    elif isinstance(widget, QScrollArea):
        children = [widget.widget()]
    else:
        children = _of_layout(widget.layout())
    for child in children:
        if child is not None and not child.isHidden():
            _collect(child, found)


def _of_layout(layout: QLayout | None) -> list[QWidget]:
    if layout is None:
        return []
    found = []
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget = item.widget() if item is not None else None
        if widget is not None:
            found.append(widget)
        elif item is not None:
            found += _of_layout(item.layout())
    return found
