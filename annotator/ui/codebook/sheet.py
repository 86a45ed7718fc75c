"""The codebook beside the text: what the layer of the active annotation means, and how it is coded here."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QTextEdit, QVBoxLayout, QWidget

from annotator.domain.codebook import Codebook, Field, Layer
from annotator.ui import fonts, theme
from annotator.ui.codebook.help import Described
from annotator.ui.panel import words
from annotator.ui.widgets import IconButton, PlainLabel, Side
from annotator.ui.workspace import Workspace

WIDTH = 300


class _Text(QTextEdit):
    """Read-only; Esc goes back to the article."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and page keys scroll."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Sheet(Side):
    """Follows the active annotation; with none it shows all layers."""

    closed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Codebook"))
        self._title = PlainLabel("", font=fonts.ui(fonts.HEAD, fonts.SEMIBOLD))
        close = IconButton("close", self.tr("Close"))
        close.clicked.connect(self.closed)
        self.text = _Text()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.viewport().setAutoFillBackground(False)
        self.text.setAccessibleName(self.tr("Codebook"))
        self.text.left.connect(workspace.focus_reader)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 0)
        head.addWidget(self._title, 1)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 8, 0, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        self.hide()
        theme.notifier.changed.connect(self.refresh)
        workspace.active_changed.connect(self.refresh)
        workspace.document_opened.connect(lambda _id: self.refresh())
        workspace.changed.connect(self._changed)
        self._told: tuple[object, ...] = ()

    def sizeHint(self) -> QSize:
        """A narrow column."""
        return QSize(WIDTH, 400)

    def open(self) -> None:
        """Show it, with the keys in it."""
        self.show()
        self.refresh()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _changed(self, change: object) -> None:
        if getattr(change, "touches_codebook", lambda: False)():
            self.refresh()

    def refresh(self) -> None:
        """Show what holds now."""
        project, active = self._workspace.project, self._workspace.active
        if project is None or self.isHidden():
            return
        layer = project.codebook.layers_by_id.get(active.layer_id) if active is not None else None
        told = (project.codebook, layer, theme.current().name)
        if told == self._told:
            return
        self._told = told
        self._title.setText(words.label(layer.name) if layer is not None else self.tr("Codebook"))
        page = Page(project.codebook)
        self.text.setHtml(page.of_layer(layer) if layer is not None else page.of_all())


class Page:
    """The codebook as text with headings."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        now = theme.current()
        self._ink, self._quiet = now.ink.name(), now.text2.name()
        self._serif = fonts.serif(14).family()

    def of_all(self) -> str:
        """Every layer, one after the other."""
        return self._body("".join(self._head(layer.name, 14) + self._texts(layer) for layer in self._codebook.layers))

    def of_layer(self, layer: Layer) -> str:
        """A layer, its fields, the links that take it, and its registry."""
        parts = [self._texts(layer)]
        for field in layer.fields:
            parts += [self._head(field.name, 13), self._texts(field), self._choices(field)]
        for link_type in self._codebook.link_types:
            roles = [role for role in link_type.roles if layer.name in role.layers]
            if roles:
                parts += [self._head(link_type.name, 13), self._texts(link_type)]
                parts += [
                    self._named(role.name, role.description) + self._rest(role) for role in roles if role.description
                ]
        registry = self._codebook.registry_of(layer)
        if registry is not None and (registry.description or registry.guidelines):
            parts += [self._head(registry.name, 13), self._texts(registry)]
        return self._body("".join(parts))

    def _body(self, html: str) -> str:
        return (
            f"<div style='color: {self._ink}; font-size: {fonts.whole(fonts.CONTROL)}px; margin: 0 10px'>{html}</div>"
        )

    def _head(self, name: str, size: int) -> str:
        label = escape(words.label(name))
        return f"<p style='margin: 14px 0 2px 0; font-size: {size}px; font-weight: 600'>{label}</p>"

    def _texts(self, item: Described) -> str:
        text = f"<p style='margin: 0 0 4px 0'>{_html(item.description)}</p>" if item.description else ""
        return text + self._rest(item)

    def _rest(self, item: Described) -> str:
        parts = []
        if item.guidelines:
            parts.append(f"<p style='margin: 0 0 4px 0; color: {self._quiet}'>{_html(item.guidelines)}</p>")
        for example in item.examples:
            style = f'margin: 0 0 2px 8px; font-family: "{self._serif}"; font-size: 14px'
            parts.append(f"<p style='{style}'>“{_html(example)}”</p>")
        return "".join(parts)

    def _choices(self, field: Field) -> str:
        return "".join(self._named(choice, field.help_for(choice)) for choice in field.choices)

    def _named(self, name: str, text: str) -> str:
        told = f" <span style='color: {self._quiet}'>{_html(text)}</span>" if text else ""
        return f"<p style='margin: 0 0 2px 8px'>{escape(words.label(name))}{':' if text else ''}{told}</p>"


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
