"""The menu bar, filled from the actions, with the project's name and three buttons at its end."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QMenu, QMenuBar, QWidget

from annotator.ui import fonts, theme
from annotator.ui.actions import MENUS, Actions, text_of, translated
from annotator.ui.widgets import IconButton, PlainLabel


class MenuBar(QMenuBar):
    """All menus, filled once there are actions. The Tag menu is filled anew when the codebook's layers change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setNativeMenuBar(False)
        self._actions: Actions | None = None
        # The menus themselves come with the actions.
        self._heads = {id_: self.addAction(translated(text)) for id_, text in MENUS.items()}
        self._menus: dict[str, QMenu] = {}
        self._corner = Corner(self)
        self.setCornerWidget(self._corner)

    def set_actions(self, actions: Actions) -> None:
        """Fill the menus and bind the buttons."""
        self._actions = actions
        for id_, head in self._heads.items():
            self._menus[id_] = QMenu(head.text(), self)
            head.setMenu(self._menus[id_])
            self.fill(id_)
        self._open_by_letters()
        self._corner.set_actions(actions)

    def _open_by_letters(self) -> None:
        """Alt and the first letter open a menu. Not by an ampersand, which would underline them all the time."""
        from PySide6.QtGui import QKeySequence, QShortcut

        taken: set[str] = set()
        for head in self._heads.values():
            letter = next((c for c in head.text().upper() if c.isalpha() and c not in taken), "")
            if letter:
                taken.add(letter)
                shortcut = QShortcut(QKeySequence(f"Alt+{letter}"), self)
                shortcut.activated.connect(lambda head=head: self.setActiveAction(head))

    def fill(self, menu: str) -> None:
        """Put a menu's actions in, in order."""
        held = self._menus[menu]
        held.clear()
        for spec, action in self._actions.menu(menu) if self._actions is not None else ():
            if spec.line:
                held.addSeparator()
            held.addAction(action)

    def show_project(self, name: str) -> None:
        """The project's name beside the buttons; "" on the welcome screen, which has but one button."""
        self._corner.show_project(name)
        # The bar gives its corner the room that it asked for before its text changed.
        self.setCornerWidget(self._corner)
        self._corner.show()


class Corner(QWidget):
    """The project's name, the buttons that show and hide the sides, and light or dark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 10, 2)
        row.setSpacing(4)
        self._row = row
        self._name: PlainLabel | None = None
        self._sides: list[IconButton] = []
        self._theme = self._button("sun", "view.theme")
        row.addWidget(self._theme)
        theme.notifier.changed.connect(self._show_theme)
        self._show_theme()

    def set_actions(self, actions: Actions) -> None:
        """Bind the buttons, and make those that a project needs."""
        from PySide6.QtCore import Qt

        self._name = PlainLabel(role="text2", font=fonts.ui(12.5))
        self._sides = [
            self._button("panel-left", "view.toggle_documents"),
            self._button("panel-right", "view.toggle_panel"),
        ]
        self._row.insertWidget(0, self._name)
        self._row.insertSpacing(1, 6)
        for place, widget in enumerate(self._sides, 2):
            self._row.insertWidget(place, widget)
        for widget in (*self._sides, self._theme):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            widget.clicked.connect(actions.by_id[widget.objectName()].trigger)
        self.show_project("")

    def show_project(self, name: str) -> None:
        """The project's name; "" hides it and the side buttons."""
        if self._name is None:
            return
        from PySide6.QtCore import Qt

        metrics = self._name.fontMetrics()
        self._name.setText(metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, 320))
        self._name.setToolTip(name)
        for widget in (self._name, *self._sides):
            widget.setVisible(bool(name))
        self.adjustSize()

    def _button(self, icon: str, action: str) -> IconButton:
        made = IconButton(icon, text_of(action), self)
        made.setObjectName(action)
        return made

    def _show_theme(self) -> None:
        self._theme.setIconName("moon" if theme.current().dark else "sun")
