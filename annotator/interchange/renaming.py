"""Names from other tools: the user's renamings, and how names are written where a format allows few characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from annotator.domain.errors import FileRefused

_NO_TOKEN = re.compile(r"[^\w.-]+")
_BREAKS = re.compile(r"[\t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
_NO_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]+")


class Renames:
    """What the user wants layers, link types, roles and fields of a file to be called here: `--map Content=Claim`."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._names: dict[str, str] = {}
        for line in options.get("map", "").split("\n"):
            theirs, equals, ours = line.partition("=")
            if equals and theirs.strip() and ours.strip():
                self._names[theirs.strip()] = ours.strip()
            elif line.strip():
                raise FileRefused(f"Nothing was read: the renaming “{line.strip()}” is not like Content=Claim.")

    def __bool__(self) -> bool:
        return bool(self._names)

    def __call__(self, name: str) -> str:
        return self._names.get(name, name)


class Tokens:
    """Names as tokens without spaces, each its own, and back."""

    def __init__(self, names: Iterable[str], *, ascii_only: bool = False) -> None:
        self._tokens: dict[str, str] = {}
        self._names: dict[str, str] = {}
        for name in names:
            self.add(name, ascii_only=ascii_only)

    def add(self, name: str, *, ascii_only: bool = False) -> str:
        """The token of a name, from now on."""
        known = self._tokens.get(name)
        if known is not None:
            return known
        token = base = identifier(name) if ascii_only else plain_token(name)
        number = 1
        while token in self._names:
            number += 1
            token = f"{base}_{number}" if not base[-1:].isdigit() else f"{base}_x{number}"
        self._tokens[name] = token
        self._names[token] = name
        return token

    def __getitem__(self, name: str) -> str:
        return self._tokens[name]

    def name(self, token: str) -> str:
        """The name that a token stands for; the token itself, if nobody gave it out."""
        return self._names.get(token, token)


def one_line(text: str) -> str:
    """A name without line breaks, tabs and outer white space."""
    return _BREAKS.sub(" ", text).strip()


def plain_token(name: str) -> str:
    """Letters, digits, dots, hyphens and underscores of any script."""
    return _NO_TOKEN.sub("_", name.strip()).strip("_") or "x"


def identifier(name: str) -> str:
    """An ASCII identifier, as Java wants it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    token = _NO_IDENTIFIER.sub("_", plain).strip("_")
    return (token if token[:1].isalpha() else f"x_{token}").rstrip("_")


def file_stem(title: str, taken: set[str]) -> str:
    """A file name of a title, without ending, that every system takes, and that is not taken yet (whatever its case)."""
    plain = re.sub(r"[\x00-\x1f\x7f<>:\"/\\|?*\u2028\u2029]+", " ", title)
    plain = " ".join(plain.split()).strip(" .")
    while len(plain.encode()) > 120:
        plain = plain[:-1].rstrip(" .")
    if not plain or re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", plain):
        plain = f"document {plain}".strip()
    stem, number = plain, 1
    while stem.casefold() in taken:
        number += 1
        stem = f"{plain} ({number})"
    taken.add(stem.casefold())
    return stem
