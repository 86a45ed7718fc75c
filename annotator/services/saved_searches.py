"""Searches that have a name in the project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.domain.errors import Conflict, InvalidValue, NotFound
from annotator.domain.ids import new_id
from annotator.domain.model import SavedSearch
from annotator.domain.query import MODES, Mode

if TYPE_CHECKING:
    from annotator.services.project import Project


class SavedSearches:
    """The saved searches of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    def all(self) -> list[SavedSearch]:
        """All of them, by name."""
        return sorted(self._project.store.saved_searches(), key=lambda saved: (saved.name.casefold(), saved.id))

    def save(
        self, name: str, line: str, mode: Mode = "words", *, exact: bool = False, whole: bool = False
    ) -> SavedSearch:
        """Keep a search under a name; one that has this name gives way to it. Raises InvalidValue."""
        name, line = " ".join(name.split()), line.strip()
        if not name:
            raise InvalidValue("Give the search a name.")
        if not line or mode not in MODES:
            raise InvalidValue("There is nothing to save yet; type what to search for.")
        known = self._named(name)
        saved = SavedSearch(known.id if known else new_id(), name, line, mode, exact, whole)
        with self._project.step("Save search “{what}”", name) as step:
            (step.replace if known else step.add)(saved)
        return saved

    def rename(self, id_: str, name: str) -> None:
        """Give a search another name. Raises InvalidValue, Conflict, NotFound."""
        old, name = self._one(id_), " ".join(name.split())
        if not name:
            raise InvalidValue("Give the search a name.")
        twin = self._named(name)
        if twin is not None and twin.id != id_:
            raise Conflict(f"There is a search named “{twin.name}” already; choose another name.", (twin.id,))
        if name != old.name:
            with self._project.step("Rename search “{what}”", old.name) as step:
                step.replace(replace(old, name=name))

    def remove(self, id_: str) -> None:
        """Forget a search. Raises NotFound."""
        old = self._one(id_)
        with self._project.step("Remove search “{what}”", old.name) as step:
            step.remove("saved_search", [id_])

    def _named(self, name: str) -> SavedSearch | None:
        return next((saved for saved in self.all() if saved.name.casefold() == name.casefold()), None)

    def _one(self, id_: str) -> SavedSearch:
        found = next((saved for saved in self.all() if saved.id == id_), None)
        if found is None:
            raise NotFound("This search is not saved any more.")
        return found
