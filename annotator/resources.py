"""Where the fonts, icons, themes, schema and the sample project are."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def root() -> Path:
    """The resources folder: inside the package when installed from a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"


def path(*parts: str) -> Path:
    """The path of one resource, such as ``path("schema", "project.schema.json")``."""
    return root().joinpath(*parts)
