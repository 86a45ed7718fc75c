"""Metadata from file names: `{date}_{outlet}_{title}` reads "2026-01-06_Meridian Post_Envoy returns.docx".

A name in braces takes what stands there; `{}` or `{*}` passes over it; a slash reaches into the folder's name. The date
is written as ISO where it can be told. Whatever is not in braces must stand in the name as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from annotator.domain.errors import InvalidValue
from annotator.domain.model import FieldValue
from annotator.interchange.heads import iso_date

_PART = re.compile(r"\{([^{}]*)\}")
_DATE = re.compile(
    r"\d{4}[-._ ]?\d{1,2}[-._ ]?\d{1,2}|\d{1,2}[-._ ]\d{1,2}[-._ ]\d{4}|\d{1,2}[-._ ]?[^\W\d_]+[-._ ]?\d{4}"
)
_COMPACT = re.compile(r"(\d{4})[-._ ]?(\d{2})[-._ ]?(\d{2})")
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Names:
    """A pattern, ready to read names with."""

    pattern: str
    keys: tuple[str, ...]
    between: tuple[str, ...]
    """What stands before, between and after the keys; one more than there are keys."""

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Names | None:
        """The pattern in the option `names`, if there is one. Raises InvalidValue."""
        pattern = options.get("names", "").strip()
        return cls.compile(pattern) if pattern else None

    @classmethod
    def compile(cls, pattern: str) -> Names:
        """Understand a pattern. Raises InvalidValue with one sentence."""
        wanted = pattern.strip().replace("\\", "/").strip("/")
        keys = [key.strip() for key in _PART.findall(wanted)]
        named = [key for key in keys if key not in ("", "*")]
        if not named:
            raise InvalidValue("A pattern for file names needs a name in braces, such as {date}_{outlet}_{title}.")
        if len(set(named)) < len(named):
            raise InvalidValue(f"The pattern {pattern} names “{_first_twice(named)}” twice.")
        if len(wanted) > _LONGEST or len(keys) > 12:
            raise InvalidValue("The pattern for file names is too long.")
        if "}{" in wanted:
            raise InvalidValue(f"The pattern {pattern} needs something between two names, such as a “_”.")
        rest = _PART.sub("", wanted)
        if "{" in rest or "}" in rest:
            raise InvalidValue(f"The pattern {pattern} has a brace that is not closed.")
        return cls(pattern.strip(), tuple(keys), tuple(_PART.sub("\0", wanted.lower()).split("\0")))

    def read(self, path: Path) -> dict[str, FieldValue] | None:
        """What the name says, or None where it does not fit."""
        depth = "".join(self.between).count("/")
        parts = (*path.parent.parts, path.stem)[-(depth + 1) :]
        name = "/".join(parts).encode("utf-8", "replace").decode("utf-8")[-_LONGEST:]
        values = self._match(name)
        if values is None:
            return None
        told: dict[str, FieldValue] = {}
        for key, value in zip(self.keys, values, strict=True):
            if key not in ("", "*"):
                told[key] = file_date(value) if key == "date" else _words(value)
        return {key: value for key, value in told.items() if value}

    def _match(self, name: str) -> list[str] | None:
        """Each key takes as little as it can. Not a regular expression: those can take for ever on a long name."""
        lower = name.lower() if len(name.lower()) == len(name) else name
        if not lower.startswith(self.between[0]):
            return None
        last = len(self.keys)
        hopeless: set[tuple[int, int]] = set()

        def fits(key: int, start: int) -> list[str] | None:
            if key == last:
                return [] if start == len(name) else None
            if (key, start) in hopeless:
                return None
            after = self.between[key + 1]
            for end in range(start + 1, len(name) + 1):
                value = name[start:end]
                if value[-1] == "/":
                    break
                if lower.startswith(after, end) and (self.keys[key] != "date" or _DATE.fullmatch(value)):
                    rest = fits(key + 1, end + len(after))
                    if rest is not None:
                        return [value, *rest]
            hopeless.add((key, start))
            return None

        return fits(0, len(self.between[0]))


def file_date(value: str) -> str:
    """A date in a file name as ISO; as it stands where it could be read in two ways."""
    compact = _COMPACT.fullmatch(value.strip())
    candidates = ["-".join(compact.groups())] if compact else []
    candidates += [re.sub(r"[._ ]+", "-", value), re.sub(r"[-._]+", " ", value), re.sub(r"[-_ ]+", ".", value)]
    candidates.append(re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", re.sub(r"[-._]+", " ", value)))
    return next((found for found in map(iso_date, candidates) if found), value.strip())


def _words(value: str) -> str:
    """Names are often written without spaces."""
    return " ".join((value if " " in value else value.replace("_", " ")).split())


def _first_twice(names: list[str]) -> str:
    return next(name for name in names if names.count(name) > 1)
