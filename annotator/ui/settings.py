"""What the program remembers between runs, as typed options over one QSettings file.

Read `settings().theme`, write `settings().theme = "dark"`; `settings().changed` then names the option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, overload

from PySide6.QtCore import QByteArray, QObject, QSettings, QStandardPaths, Signal

T = TypeVar("T")

RECENT_LIMIT = 20
PLACES_LIMIT = 100


class Option(Generic[T]):
    """One remembered value: its key in the file, its default, and what it may be."""

    def __init__(
        self, key: str, default: T, choices: Iterable[T] = (), allowed: Callable[[T], bool] | None = None
    ) -> None:
        self.key = key
        self.default = default
        self.choices = tuple(choices)
        self._allowed = allowed
        self.name = key

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the attribute's name: it is what `changed` tells."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Option[T]: ...
    @overload
    def __get__(self, instance: Settings, owner: type) -> T: ...
    def __get__(self, instance: Settings | None, owner: type) -> Option[T] | T:
        """The stored value, or the default where nothing (or nonsense) is stored."""
        if instance is None:
            return self
        return self._read(instance.store.value(self.key))

    def __set__(self, instance: Settings, value: T) -> None:
        """Store the value; a value that is not allowed is a mistake of the caller."""
        if not self._fits(value):
            raise ValueError(f"{self.key}: {value!r} is not allowed")
        if self.__get__(instance, type(instance)) == value and instance.store.contains(self.key):
            return
        import json

        stored: Any = json.dumps(value) if isinstance(self.default, (list, dict)) else value
        instance.store.setValue(self.key, stored)
        instance.changed.emit(self.name)

    def _fits(self, value: T) -> bool:
        if self.choices and value not in self.choices:
            return False
        return self._allowed is None or self._allowed(value)

    def _read(self, raw: Any) -> T:
        # An ini file gives every number and truth value back as text.
        if raw is None:
            return self.default
        value: Any = raw
        try:
            if isinstance(self.default, bool):
                value = raw if isinstance(raw, bool) else str(raw).lower() in ("true", "1")
            elif isinstance(self.default, int):
                value = int(raw)
            elif isinstance(self.default, float):
                value = float(raw)
            elif isinstance(self.default, (list, dict)):
                import json

                value = json.loads(raw)
            elif isinstance(self.default, str) and isinstance(raw, (list, tuple)):
                value = ", ".join(str(part) for part in raw)  # text with commas comes back as a list
        except (TypeError, ValueError):
            return self.default
        return value if isinstance(value, type(self.default)) and self._fits(value) else self.default


class RecentProject(NamedTuple):
    """A line of the welcome screen, cached so that it costs no opened file."""

    path: str
    name: str = ""
    articles: int = 0
    coders: int = 0
    done: int = 0
    when: str = ""

    @property
    def exists(self) -> bool:
        """Whether the file is still there."""
        try:
            return Path(self.path).is_file()
        except OSError:
            return False


class Place(NamedTuple):
    """Where the reader was left: the document, the caret, and what was at the top of the screen (code points)."""

    document: str = ""
    caret: int = 0
    scroll: int = 0


def _reading_size(value: int) -> bool:
    return 12 <= value <= 32


class Settings(QObject):
    """All options. One object serves the whole program; see `settings()`."""

    changed = Signal(str)
    recent_changed = Signal()

    theme = Option("appearance/theme", "system", ("system", "light", "dark"))
    direction = Option("appearance/direction", "auto", ("auto", "ltr", "rtl"))
    language = Option("appearance/language", "en")
    reading_family = Option("reading/family", "")
    reading_size = Option("reading/size", 17, allowed=_reading_size)
    reading_width = Option("reading/width", "normal", ("narrow", "normal", "wide"))
    coder = Option("coder/name", "")
    reopen_last = Option("start/reopen_last", False)
    last_folder = Option("start/folder", "")
    last_format = Option("export/format", "")
    export_parts: Option[dict[str, dict[str, Any]]] = Option("export/parts", {})
    import_names = Option("import/names", "")
    import_headline = Option("import/headline", False)
    import_columns: Option[dict[str, dict[str, str]]] = Option("import/columns", {})
    keys: Option[dict[str, list[str]]] = Option("keys/bound", {})
    geometry = Option("window/geometry", QByteArray())
    splitter: Option[list[int]] = Option("window/splitter", [])
    panel_splitter: Option[list[int]] = Option("window/panel_splitter", [])
    outline: Option[dict[str, Any]] = Option("window/outline", {})
    documents_shown = Option("window/documents_shown", True)
    panel_shown = Option("window/panel_shown", True)
    documents_sort = Option("documents/sort", "position", ("position", "date", "title", "status"))

    _recent: Option[list[dict[str, Any]]] = Option("recent/projects", [])
    _places: Option[dict[str, list[Any]]] = Option("recent/places", {})

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        file = path if path is not None else default_path()
        self.store = QSettings(str(file), QSettings.Format.IniFormat)

    def reset(self, option: Option[Any]) -> None:
        """Forget a stored value, so that the default holds again."""
        if self.store.contains(option.key):
            self.store.remove(option.key)
            self.changed.emit(option.name)

    def sync(self) -> None:
        """Write what is pending to disk."""
        self.store.sync()

    # Recent projects

    def recent(self) -> list[RecentProject]:
        """Projects opened before, the last one first."""
        found = []
        for line in self._recent:
            try:
                found.append(RecentProject(**line))
            except TypeError:
                continue
        return found

    def remember(
        self, path: Path, name: str, *, articles: int = 0, coders: int = 0, done: int = 0, when: str = ""
    ) -> None:
        """Put a project at the head of the recent list: when it opens and, with fresh counts, when it closes."""
        from datetime import UTC, datetime

        moment = when or datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        line = RecentProject(str(path.absolute()), name, articles, coders, done, moment)
        rest = [other for other in self.recent() if other.path != line.path]
        self._store_recent([line, *rest][:RECENT_LIMIT])

    def forget(self, path: Path | str) -> None:
        """Take one project off the recent list; its file stays."""
        self._store_recent([line for line in self.recent() if line.path != str(path)])

    def clear_recent(self) -> None:
        """Empty the recent list; the files stay."""
        self._store_recent([])

    def _store_recent(self, lines: list[RecentProject]) -> None:
        self._recent = [line._asdict() for line in lines]
        self.recent_changed.emit()

    # Where each project was left

    def place(self, project_id: str) -> Place:
        """Where the reader was left in this project."""
        try:
            document, caret, scroll = self._places.get(project_id, ["", 0, 0])
            return Place(str(document), int(caret), int(scroll))
        except (TypeError, ValueError):
            return Place()

    def set_place(self, project_id: str, place: Place) -> None:
        """Remember where the reader was left in this project."""
        places = {key: value for key, value in self._places.items() if key != project_id}
        places[project_id] = [place.document, place.caret, place.scroll]
        self._places = dict(list(places.items())[-PLACES_LIMIT:])


def default_path() -> Path:
    """The settings file in the user's own configuration folder."""
    root = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(root) / "annotator" / "settings.ini"


def throw_away() -> Settings:
    """Settings with all defaults that nobody will read again: for painting pictures."""
    import tempfile
    import weakref

    folder = tempfile.TemporaryDirectory(prefix="annotator-")
    made = Settings(Path(folder.name) / "settings.ini")
    weakref.finalize(made, folder.cleanup)
    return made


_shared: Settings | None = None


def settings() -> Settings:
    """The program's settings."""
    global _shared
    if _shared is None:
        _shared = Settings()
    return _shared


def use(replacement: Settings | None) -> None:
    """Let another settings object serve the program (another file, or a fresh one after None)."""
    global _shared
    _shared = replacement
