"""Every action of the window: its name, its menu, its keys. What an action does is bound in annotator/ui/commands.

To add one: a line in ACTIONS, and a method of the same name in one of the command classes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QCoreApplication, QObject

from annotator.ui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QKeySequence
    from PySide6.QtWidgets import QWidget

    from annotator.domain.codebook import Codebook

Place = Literal["window", "text"]
"""Where an action's keys work: anywhere in the window, or only while the article has the focus."""


class ActionSpec(NamedTuple):
    """One action. `id` is menu.method; a `line` starts a new group in its menu; `edits` needs a writable project.

    `needs` is "document" where a document must be open, and "article" where it must be in sight, with no page before it.
    """

    id: str
    text: str
    keys: tuple[str, ...] = ()
    place: Place = "window"
    line: bool = False
    edits: bool = False
    needs: Literal["", "project", "document", "article"] = "article"


_MAC = bool(sys.platform == "darwin")
"""Where keys have signs of their own; elsewhere they are called as they are written."""

MENUS = {
    "project": QT_TRANSLATE_NOOP("Actions", "Project"),
    "edit": QT_TRANSLATE_NOOP("Actions", "Edit"),
    "view": QT_TRANSLATE_NOOP("Actions", "View"),
    "article": QT_TRANSLATE_NOOP("Actions", "Article"),
    "tag": QT_TRANSLATE_NOOP("Actions", "Tag"),
    "review": QT_TRANSLATE_NOOP("Actions", "Review"),
    "help": QT_TRANSLATE_NOOP("Actions", "Help"),
}

ACTIONS = (
    ActionSpec("project.new", QT_TRANSLATE_NOOP("Actions", "New project…"), ("Ctrl+N",), needs=""),
    ActionSpec("project.open", QT_TRANSLATE_NOOP("Actions", "Open project…"), ("Ctrl+O",), needs=""),
    ActionSpec("project.sample", QT_TRANSLATE_NOOP("Actions", "Try the sample"), needs=""),
    ActionSpec(
        "project.add",
        QT_TRANSLATE_NOOP("Actions", "Add articles…"),
        ("Ctrl+I",),
        line=True,
        edits=True,
        needs="project",
    ),
    ActionSpec("project.add_folder", QT_TRANSLATE_NOOP("Actions", "Add folder…"), edits=True, needs="project"),
    ActionSpec(
        "project.paste",
        QT_TRANSLATE_NOOP("Actions", "Add article from text…"),
        ("Ctrl+Shift+V",),
        edits=True,
        needs="project",
    ),
    ActionSpec("project.export", QT_TRANSLATE_NOOP("Actions", "Export…"), ("Ctrl+E",), needs="project"),
    ActionSpec("project.back_up", QT_TRANSLATE_NOOP("Actions", "Back up now"), line=True, needs="project"),
    ActionSpec("project.backups", QT_TRANSLATE_NOOP("Actions", "Backups…"), needs="project"),
    ActionSpec("project.details", QT_TRANSLATE_NOOP("Actions", "Project details…"), needs="project"),
    ActionSpec("project.codebook", QT_TRANSLATE_NOOP("Actions", "Codebook…"), ("Ctrl+B",), edits=True, needs="project"),
    ActionSpec("project.history", QT_TRANSLATE_NOOP("Actions", "History…"), ("Ctrl+H",), needs="project"),
    ActionSpec("project.settings", QT_TRANSLATE_NOOP("Actions", "Settings…"), ("Ctrl+,",), line=True, needs=""),
    ActionSpec("project.close", QT_TRANSLATE_NOOP("Actions", "Close project"), ("Ctrl+W",), needs="project"),
    ActionSpec("project.quit", QT_TRANSLATE_NOOP("Actions", "Quit"), ("Ctrl+Q",), needs=""),
    ActionSpec("edit.undo", QT_TRANSLATE_NOOP("Actions", "Undo"), ("Ctrl+Z",), edits=True, needs="project"),
    ActionSpec(
        "edit.redo", QT_TRANSLATE_NOOP("Actions", "Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), edits=True, needs="project"
    ),
    ActionSpec("edit.copy", QT_TRANSLATE_NOOP("Actions", "Copy"), ("Ctrl+C",), "text", line=True),
    ActionSpec("edit.widen", QT_TRANSLATE_NOOP("Actions", "Widen the selection"), (".",), "text", line=True),
    ActionSpec("edit.narrow", QT_TRANSLATE_NOOP("Actions", "Narrow the selection"), (",",), "text"),
    ActionSpec("edit.release", QT_TRANSLATE_NOOP("Actions", "Release"), ("Esc",), "text"),
    ActionSpec("edit.find", QT_TRANSLATE_NOOP("Actions", "Find in article…"), ("Ctrl+F",), line=True),
    ActionSpec("edit.search", QT_TRANSLATE_NOOP("Actions", "Search project"), ("Ctrl+Shift+F",), needs="project"),
    ActionSpec("edit.next_hit", QT_TRANSLATE_NOOP("Actions", "Next hit"), ("F3",), needs="project"),
    ActionSpec("edit.previous_hit", QT_TRANSLATE_NOOP("Actions", "Previous hit"), ("Shift+F3",), needs="project"),
    ActionSpec("edit.go", QT_TRANSLATE_NOOP("Actions", "Go to anything…"), ("Ctrl+K",), needs="project"),
    ActionSpec("view.documents", QT_TRANSLATE_NOOP("Actions", "Documents"), ("Ctrl+1",), needs="project"),
    ActionSpec("view.text", QT_TRANSLATE_NOOP("Actions", "Article text"), ("Ctrl+2",), needs="project"),
    ActionSpec("view.inspector", QT_TRANSLATE_NOOP("Actions", "Inspector"), ("Ctrl+3",), needs="document"),
    ActionSpec("view.outline", QT_TRANSLATE_NOOP("Actions", "Outline"), ("Ctrl+4",), needs="document"),
    ActionSpec("view.registry", QT_TRANSLATE_NOOP("Actions", "Registry"), ("Ctrl+R",), line=True, needs="project"),
    ActionSpec("view.entry", QT_TRANSLATE_NOOP("Actions", "Entry in the registry"), ("Ctrl+Shift+R",)),
    ActionSpec(
        "view.toggle_documents",
        QT_TRANSLATE_NOOP("Actions", "Show or hide documents"),
        ("Ctrl+Shift+1",),
        line=True,
        needs="project",
    ),
    ActionSpec(
        "view.toggle_panel",
        QT_TRANSLATE_NOOP("Actions", "Show or hide annotations"),
        ("Ctrl+Shift+3",),
        needs="project",
    ),
    ActionSpec(
        "view.codebook", QT_TRANSLATE_NOOP("Actions", "Codebook beside the text"), ("Shift+F1",), needs="project"
    ),
    ActionSpec("view.overview", QT_TRANSLATE_NOOP("Actions", "Overview"), ("Ctrl+Shift+O",), needs="project"),
    ActionSpec("view.larger", QT_TRANSLATE_NOOP("Actions", "Larger text"), ("Ctrl++", "Ctrl+="), line=True),
    ActionSpec("view.smaller", QT_TRANSLATE_NOOP("Actions", "Smaller text"), ("Ctrl+-",)),
    ActionSpec("view.normal_size", QT_TRANSLATE_NOOP("Actions", "Normal text size"), ("Ctrl+0",)),
    ActionSpec("view.narrow", QT_TRANSLATE_NOOP("Actions", "Narrow text"), ("Alt+1",), line=True),
    ActionSpec("view.normal", QT_TRANSLATE_NOOP("Actions", "Normal width"), ("Alt+2",)),
    ActionSpec("view.wide", QT_TRANSLATE_NOOP("Actions", "Wide text"), ("Alt+3",)),
    ActionSpec("view.theme", QT_TRANSLATE_NOOP("Actions", "Light or dark"), ("Ctrl+Shift+L",), line=True, needs=""),
    ActionSpec("article.details", QT_TRANSLATE_NOOP("Actions", "Article details…"), ("F2",)),
    ActionSpec(
        "article.done", QT_TRANSLATE_NOOP("Actions", "Mark done, go to next"), ("Ctrl+Return", "Ctrl+Enter"), edits=True
    ),
    ActionSpec(
        "article.next",
        QT_TRANSLATE_NOOP("Actions", "Next article"),
        ("Ctrl+PgDown", "Alt+Down"),
        line=True,
        needs="document",
    ),
    ActionSpec(
        "article.previous",
        QT_TRANSLATE_NOOP("Actions", "Previous article"),
        ("Ctrl+PgUp", "Alt+Up"),
        needs="document",
    ),
    ActionSpec("article.print", QT_TRANSLATE_NOOP("Actions", "Print…"), ("Ctrl+P",), line=True),
    ActionSpec("article.pdf", QT_TRANSLATE_NOOP("Actions", "Save as PDF…"), ("Ctrl+Shift+P",)),
    ActionSpec("article.remove", QT_TRANSLATE_NOOP("Actions", "Remove article"), line=True, edits=True),
    ActionSpec(
        "tag.reporter",
        QT_TRANSLATE_NOOP("Actions", "Tag source as reporter"),
        ("Shift+S",),
        "text",
        line=True,
        edits=True,
    ),
    ActionSpec(
        "tag.reporter_cue", QT_TRANSLATE_NOOP("Actions", "Tag cue of the reporter"), ("Shift+Q",), "text", edits=True
    ),
    ActionSpec(
        "tag.topic", QT_TRANSLATE_NOOP("Actions", "Tag actor the claim is about"), ("Shift+A",), "text", edits=True
    ),
    ActionSpec(
        "tag.add_fragment",
        QT_TRANSLATE_NOOP("Actions", "Add selection as fragment"),
        ("F",),
        "text",
        line=True,
        edits=True,
    ),
    ActionSpec(
        "tag.remove_fragment",
        QT_TRANSLATE_NOOP("Actions", "Remove fragment at caret"),
        ("Shift+F",),
        "text",
        edits=True,
    ),
    ActionSpec(
        "tag.start_back", QT_TRANSLATE_NOOP("Actions", "Start one word earlier"), ("[",), "text", line=True, edits=True
    ),
    ActionSpec("tag.start_on", QT_TRANSLATE_NOOP("Actions", "Start one word later"), ("{",), "text", edits=True),
    ActionSpec("tag.end_on", QT_TRANSLATE_NOOP("Actions", "End one word later"), ("]",), "text", edits=True),
    ActionSpec("tag.end_back", QT_TRANSLATE_NOOP("Actions", "End one word earlier"), ("}",), "text", edits=True),
    ActionSpec(
        "tag.start_back_letter",
        QT_TRANSLATE_NOOP("Actions", "Start one character earlier"),
        ("Alt+[",),
        "text",
        edits=True,
    ),
    ActionSpec(
        "tag.start_on_letter",
        QT_TRANSLATE_NOOP("Actions", "Start one character later"),
        ("Alt+{",),
        "text",
        edits=True,
    ),
    ActionSpec(
        "tag.end_on_letter", QT_TRANSLATE_NOOP("Actions", "End one character later"), ("Alt+]",), "text", edits=True
    ),
    ActionSpec(
        "tag.end_back_letter",
        QT_TRANSLATE_NOOP("Actions", "End one character earlier"),
        ("Alt+}",),
        "text",
        edits=True,
    ),
    ActionSpec("tag.entry", QT_TRANSLATE_NOOP("Actions", "Choose entry…"), ("E",), "text", line=True, edits=True),
    ActionSpec("tag.same", QT_TRANSLATE_NOOP("Actions", "Same claim as proposed"), ("=",), "text", edits=True),
    ActionSpec("tag.link", QT_TRANSLATE_NOOP("Actions", "Link to another annotation"), ("L",), "text", edits=True),
    ActionSpec(
        "tag.delete",
        QT_TRANSLATE_NOOP("Actions", "Delete annotation"),
        ("Backspace", "Del"),
        "text",
        line=True,
        edits=True,
    ),
    ActionSpec(
        "review.accept",
        QT_TRANSLATE_NOOP("Actions", "Accept suggestion, or go to inspector"),
        ("Return", "Enter"),
        "text",
    ),
    ActionSpec(
        "review.accept_all",
        QT_TRANSLATE_NOOP("Actions", "Accept all of this name in the article"),
        ("Shift+Return", "Shift+Enter"),
        "text",
        edits=True,
    ),
    ActionSpec("review.dismiss", QT_TRANSLATE_NOOP("Actions", "Dismiss suggestion"), ("X",), "text", edits=True),
    ActionSpec(
        "review.never", QT_TRANSLATE_NOOP("Actions", "Never suggest this name"), ("Shift+X",), "text", edits=True
    ),
    ActionSpec("review.next_suggestion", QT_TRANSLATE_NOOP("Actions", "Next suggestion"), ("Tab",), "text"),
    ActionSpec(
        "review.previous_suggestion", QT_TRANSLATE_NOOP("Actions", "Previous suggestion"), ("Shift+Tab",), "text"
    ),
    ActionSpec("review.next", QT_TRANSLATE_NOOP("Actions", "Next annotation"), ("N",), "text", line=True),
    ActionSpec("review.previous", QT_TRANSLATE_NOOP("Actions", "Previous annotation"), ("P",), "text"),
    ActionSpec("review.overlap", QT_TRANSLATE_NOOP("Actions", "Next overlapping annotation"), ("O",), "text"),
    ActionSpec("review.overlaps", QT_TRANSLATE_NOOP("Actions", "List overlapping annotations"), ("Shift+O",), "text"),
    ActionSpec("review.todo", QT_TRANSLATE_NOOP("Actions", "To do…"), ("Ctrl+Shift+T",), line=True, needs="project"),
    ActionSpec("review.duplicates", QT_TRANSLATE_NOOP("Actions", "Copies of stories…"), needs="project"),
    ActionSpec("help.keys", QT_TRANSLATE_NOOP("Actions", "Keyboard map"), ("?", "F1"), needs=""),
    ActionSpec("help.start", QT_TRANSLATE_NOOP("Actions", "Getting started"), needs=""),
    ActionSpec("help.about", QT_TRANSLATE_NOOP("Actions", "About Annotator"), line=True, needs=""),
)


def translated(text: str) -> str:
    """The text of an action or a menu in the language of the interface."""
    return QCoreApplication.translate("Actions", text)


class Actions(QObject):
    """The actions as QAction objects, with the keys that the user bound."""

    def __init__(self, window: QWidget, bound: dict[str, list[str]]) -> None:
        super().__init__(window)
        self._window = window
        self._text_area: QWidget | None = None
        self._bound = bound
        self.by_id: dict[str, QAction] = {}
        self.specs: dict[str, ActionSpec] = {}
        self._layer_ids: list[str] = []
        self.running: Callable[[], object] | None = None
        """What an action does, while it does it: what can be tried again if it cannot be saved."""
        for spec in ACTIONS:
            self._make(spec)

    def attach(self, text_area: QWidget) -> None:
        """The widget in which the keys of the text work; there is none before a project is open."""
        self._text_area = text_area
        for id_, action in self.by_id.items():
            if self.specs[id_].place == "text":
                text_area.addAction(action)

    def bind(self, handlers: dict[str, Callable[[], object]]) -> None:
        """Say what actions do. Every action must get its handler."""
        for id_, handler in handlers.items():
            self.by_id[id_].triggered.connect(lambda _checked=False, run=handler: self._run(run))

    def menu(self, menu: str) -> list[tuple[ActionSpec, QAction]]:
        """The actions of a menu in order; the tag menu starts with the codebook's layers."""
        found = [(spec, self.by_id[id_]) for id_, spec in self.specs.items() if id_.startswith(f"{menu}.")]
        return sorted(found, key=lambda pair: not pair[0].id.startswith("tag.layer."))

    def all(self) -> list[QAction]:
        """Every action, in the order of the menus."""
        return [action for menu in MENUS for _, action in self.menu(menu)]

    def set_layers(self, codebook: Codebook | None, handler: Callable[[str], object]) -> None:
        """One tag action a layer, with the letter that the codebook gives it. `handler` gets the layer's id."""
        for id_ in self._layer_ids:
            action = self.by_id.pop(id_)
            self.specs.pop(id_)
            action.deleteLater()
        self._layer_ids = []
        for layer in codebook.layers if codebook else ():
            keys = (layer.shortcut.upper(),) if layer.shortcut else ()
            text = QCoreApplication.translate("Actions", "Tag as {layer}").replace("{layer}", layer.name.lower())
            action = self._make(ActionSpec(f"tag.layer.{layer.id}", text, keys, "text", edits=True))
            action.triggered.connect(lambda _checked=False, id_=layer.id: self._run(lambda: handler(id_)))
            self._layer_ids.append(action.objectName())

    def set_bound(self, bound: dict[str, list[str]]) -> None:
        """Use other keys, by action id."""
        self._bound = bound
        for id_, action in self.by_id.items():
            action.setShortcuts(self._keys(self.specs[id_]))

    def enable(self, *, project: bool, document: bool, article: bool, writable: bool) -> None:
        """Enable what can be done now."""
        kinds = {"": True, "project": project, "document": document, "article": document and article}
        for id_, spec in self.specs.items():
            there = kinds[spec.needs]
            self.by_id[id_].setEnabled(there and (writable or not spec.edits))

    def key_text(self, id_: str) -> str:
        """The first key of an action as people read it."""
        from PySide6.QtGui import QKeySequence

        action = self.by_id.get(id_)
        return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action else ""

    def _run(self, handler: Callable[[], object]) -> None:
        before, self.running = self.running, lambda: self._run(handler)
        try:
            handler()
        finally:
            self.running = before

    def _make(self, spec: ActionSpec) -> QAction:
        from PySide6.QtCore import Qt
        from PySide6.QtGui import QAction

        action = QAction(translated(spec.text), self)
        action.setObjectName(spec.id)
        action.setShortcuts(self._keys(spec))
        if spec.place == "text":
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            if self._text_area is not None:
                self._text_area.addAction(action)
        else:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            self._window.addAction(action)
        self.by_id[spec.id] = action
        self.specs[spec.id] = spec
        return action

    def _keys(self, spec: ActionSpec) -> list[QKeySequence]:
        from PySide6.QtGui import QKeySequence

        return [QKeySequence(key) for key in self._bound.get(spec.id, spec.keys)]


def text_of(id_: str) -> str:
    """The text of an action, without the action."""
    return translated(next(spec.text for spec in ACTIONS if spec.id == id_))


def key_texts(id_: str, bound: dict[str, list[str]]) -> list[str]:
    """The keys of an action as people read them, without the action. `bound`: keys that the user chose, by id."""
    keys = bound.get(id_) or next(spec.keys for spec in ACTIONS if spec.id == id_)
    if not _MAC:
        return list(keys)
    from PySide6.QtGui import QKeySequence

    return [QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys]


def default_keys(ids: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """The keys that actions have before anybody binds others."""
    wanted = set(ids)
    return {spec.id: spec.keys for spec in ACTIONS if not wanted or spec.id in wanted}
