"""The menu bar, filled from the actions, with the project's name and three buttons at its end."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QWidget

from annotator.ui import fonts, theme
from annotator.ui.actions import MENUS, Actions, translated
from annotator.ui.widgets import IconButton, PlainLabel


class MenuBar(QMenuBar):
    """All menus. The Tag menu is filled anew when the codebook's layers change."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setNativeMenuBar(False)
        self._actions = actions
        # Alt and the first letter open a menu.
        self._menus = {id_: self.addMenu("&" + translated(text)) for id_, text in MENUS.items()}
        for id_ in MENUS:
            self.fill(id_)
        self._corner = Corner(actions, self)
        self.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)

    def fill(self, menu: str) -> None:
        """Put a menu's actions in, in order."""
        held = self._menus[menu]
        held.clear()
        for spec, action in self._actions.menu(menu):
            if spec.line:
                held.addSeparator()
            held.addAction(action)

    def show_project(self, name: str) -> None:
        """The project's name beside the buttons; "" on the welcome screen, which has but one button."""
        self._corner.show_project(name)
        # The bar gives its corner the room that it asked for before its text changed.
        self.setCornerWidget(self._corner, Qt.Corner.TopRightCorner)
        self._corner.show()


class Corner(QWidget):
    """The project's name, the buttons that show and hide the sides, and light or dark."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 10, 2)
        row.setSpacing(4)
        self._name = PlainLabel(role="text2", font=fonts.ui(12.5))
        row.addWidget(self._name)
        row.addSpacing(6)
        self._sides = [
            self._button("panel-left", actions.by_id["view.toggle_documents"]),
            self._button("panel-right", actions.by_id["view.toggle_panel"]),
        ]
        self._theme = self._button("sun", actions.by_id["view.theme"])
        for widget in (*self._sides, self._theme):
            row.addWidget(widget)
        theme.notifier.changed.connect(self._show_theme)
        self._show_theme()
        self.show_project("")

    def show_project(self, name: str) -> None:
        """The project's name; "" hides it and the side buttons."""
        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, 320))
        self._name.setToolTip(name)
        for widget in (self._name, *self._sides):
            widget.setVisible(bool(name))
        self.adjustSize()

    def _button(self, icon: str, action: QAction) -> IconButton:
        made = IconButton(icon, action.text(), self)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(action.trigger)
        return made

    def _show_theme(self) -> None:
        self._theme.setIconName("moon" if theme.current().dark else "sun")
