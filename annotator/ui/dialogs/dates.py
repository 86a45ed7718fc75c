"""Dates as people type them into a plain line, and times as they read them."""

from __future__ import annotations

import re
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QLocale

from annotator.domain.errors import InvalidValue

_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
# Arabic, Persian and Devanagari digits are typed too.
_DIGITS = {start + value: str(value) for start in (0x660, 0x6F0, 0x966) for value in range(10)}


def iso_date(text: str) -> str:
    """The date as ISO: a day, a month or a year (2026-01-06, 2026-01, 2026); "" for nothing. Raises InvalidValue."""
    plain = text.translate(_DIGITS).strip().strip("\u2066\u2069").replace("/", "-").replace(".", "-")
    if not plain:
        return ""
    match = _PART.fullmatch(plain)
    if match:
        year, month, day = match[1], match[2], match[3]
        try:
            date(int(year), int(month or 1), int(day or 1))
        except ValueError:
            pass
        else:
            return "-".join([year, *(f"{int(part):02}" for part in (month, day) if part)])
    raise InvalidValue(QCoreApplication.translate("Dates", "Write the date as 2026-01-06 (or only 2026-01 or 2026)."))


def moment(stamp: str) -> str:
    """A stored time as people read it, in their own time zone."""
    try:
        when = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return stamp
    month = QLocale().monthName(when.month, QLocale.FormatType.ShortFormat)
    return f"{when.day} {month} {when.year}, {when:%H:%M}"
