"""Dates as people write them in metadata and in filters."""

from __future__ import annotations

from datetime import date


def day(text: object) -> str:
    """A date as YYYY-MM-DD, or "". A month or a year alone counts from its first day; a time of day is left out."""
    if not isinstance(text, str):
        return ""
    parts = text.strip()[:10].split("-")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts[0]) != 4:
        return ""
    try:
        return date(*map(int, [*parts, "1", "1"][:3])).isoformat() if len(parts) <= 3 else ""
    except ValueError:
        return ""


def is_bound(text: str) -> bool:
    """Whether this can bound a stretch of time: 2026, 2026-01 or 2026-01-31, with its noughts, and maybe a time behind it."""
    return bool(text) and day(text).startswith(text[:10])


def within(value: str, since: str, until: str) -> bool:
    """Whether a date is between two others, each as exact as it is given: until “2026-01” means all of January."""
    if not (since or until):
        return True
    return bool(value) and value[: len(since)] >= since and (not until or value[: len(until)] <= until)
