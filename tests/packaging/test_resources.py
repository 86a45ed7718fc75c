"""In a checkout, the resources are the ones at its top."""

from __future__ import annotations

from pathlib import Path

from annotator import resources


def test_the_checkout_is_used_directly(root: Path) -> None:
    assert resources.root() == root / "resources"


def test_a_path_is_put_together(root: Path) -> None:
    assert resources.path("fonts", "Inter-Regular.otf") == root / "resources" / "fonts" / "Inter-Regular.otf"
