"""Search the texts of a project."""

from __future__ import annotations

from annotator.domain.errors import InvalidValue
from annotator.storage.project_file import ProjectFile
from annotator.storage.search import Place

Hit = Place
"""Where a text matches: document_id, title, start, end (code points), before, match, after."""

__all__ = ["Hit", "Search"]


class Search:
    """Full-text search in one project."""

    def __init__(self, file: ProjectFile) -> None:
        self._file = file

    def find(self, query: str, limit: int = 50) -> list[Hit]:
        """The first hits in the project's order. Words, "phrases", pre*, AND, OR, NOT, NEAR(a b). Raises InvalidValue."""
        if not query.strip():
            raise InvalidValue("Type a word to search for.")
        self._file.index_texts()
        with self._file.reading():
            return list(self._file.search_index.find(query, limit))
