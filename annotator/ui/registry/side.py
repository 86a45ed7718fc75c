"""The start side of the registry page: the line that narrows, the order, and the list."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.domain.codebook import Registry
from annotator.ui import fonts
from annotator.ui.documents.search_field import SearchField
from annotator.ui.panel import words
from annotator.ui.registry.lines import Lines
from annotator.ui.registry.list_view import EntriesView
from annotator.ui.widgets import PlainLabel, button

_GROUPS = ("issue", "category", "kind", "type")
"""Fields that a registry is grouped by, where it has one of them."""


class ListSide(QWidget):
    """Shows `lines`. Each registry keeps its order."""

    left = Signal()
    narrowed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines()
        self._registry: Registry | None = None
        self._orders: dict[str, tuple[str, bool]] = {}
        self.search = SearchField(self.tr("Filter entries"))
        self.list = EntriesView(self.lines)
        self.sort_button = button("", role="flat", icon="filter")
        self.sort_button.clicked.connect(self._sort_menu)
        self.count_label = PlainLabel("", role="text3", font=fonts.ui(fonts.META, tabular=True))
        top = QVBoxLayout()
        top.setContentsMargins(16, 10, 16, 0)
        top.addWidget(self.search)
        row = QHBoxLayout()
        row.setContentsMargins(6, 2, 16, 2)
        row.addWidget(self.sort_button)
        row.addStretch(1)
        row.addWidget(self.count_label)
        self.setMinimumWidth(250)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        keys = Qt.Key
        self.list.keys = {
            keys.Key_Insert: "new",
            keys.Key_F2: "rename",
            keys.Key_M: "merge",
            keys.Key_Delete: "remove",
            keys.Key_Backspace: "remove",
            keys.Key_Return: "mentions",
            keys.Key_Enter: "mentions",
        }
        self.search.textChanged.connect(lambda _text: self.narrow())
        self.search.down.connect(self._into_list)
        self.search.entered.connect(self._into_list)
        self.search.left.connect(self.left)
        self.list.left_top.connect(self.search.setFocus)

    def narrow(self, choose: list[str] | None = None) -> None:
        """Show what fits what is typed, and choose these entries; else what was chosen stays so."""
        self.list.show_filtered(self.search.text())
        if choose:
            self.list.choose(choose)
        total, shown = len(self.lines.by_id), self.lines.count
        locale = QLocale()
        text = locale.toString(total)
        if shown != total:
            text = self.tr("{n} of {m}").replace("{n}", locale.toString(shown)).replace("{m}", text)
        self.count_label.setText(text)
        self.narrowed.emit()

    def focus_search(self) -> None:
        """Give the keys to the line that narrows."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _into_list(self) -> None:
        if self.lines.count:
            if not self.list.chosen():
                self.list.go_first()
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    # The order

    def order_of(self, registry: Registry, claims: bool) -> tuple[str, bool]:
        """How a registry is sorted, and whether it is grouped; claims are grouped by their issue to begin with."""
        return self._orders.setdefault(registry.id, ("name", claims and bool(group_field(registry))))

    def set_registry(self, registry: Registry | None, claims: bool) -> None:
        """The registry whose order is to be shown."""
        self._registry = registry
        if registry is not None:
            self.lines.arrange(*self.order_of(registry, claims))
        self.sort_button.setText(self._sort_texts()[self.lines.sort])
        self.sort_button.setAccessibleName(self.tr("Order: {text}").replace("{text}", self.sort_button.text()))

    def arrange(self, sort: str, grouped: bool) -> None:
        """Another order for this registry."""
        if self._registry is not None:
            self._orders[self._registry.id] = sort, grouped
            self.set_registry(self._registry, False)
            self.narrow()
            self.list.scrollTo(self.list.currentIndex())

    def _sort_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for sort, text in self._sort_texts().items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(sort == self.lines.sort)
            action.triggered.connect(lambda _checked=False, sort=sort: self.arrange(sort, self.lines.grouped))
        field = group_field(self._registry) if self._registry is not None else ""
        if field:
            menu.addSeparator()
            group = menu.addAction(self.tr("Group by {field}").replace("{field}", words.choice(field)))
            group.setCheckable(True)
            group.setChecked(self.lines.grouped)
            group.triggered.connect(lambda on: self.arrange(self.lines.sort, on))
        menu.popup(self.sort_button.mapToGlobal(QPoint(0, self.sort_button.height())))

    def _sort_texts(self) -> dict[str, str]:
        return {
            "name": self.tr("By name"),
            "mentions": self.tr("Most mentions first"),
            "documents": self.tr("Most documents first"),
            "last": self.tr("Last used first"),
        }


def group_field(registry: Registry) -> str:
    """The field that this registry is grouped by; "" where it has none that suits."""
    names = [field.name for field in registry.fields]
    found = next((name for name in _GROUPS if name in names), "")
    return found or next((field.name for field in registry.fields if field.type == "choice"), "")
