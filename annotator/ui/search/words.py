"""The filters of a search in plain words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from annotator.domain.query import Filter
from annotator.ui.translate import QT_TRANSLATE_NOOP

_SAID = {
    "status": QT_TRANSLATE_NOOP("SearchWords", "Status: {value}"),
    "from": QT_TRANSLATE_NOOP("SearchWords", "From {value}"),
    "to": QT_TRANSLATE_NOOP("SearchWords", "Up to {value}"),
    "date": QT_TRANSLATE_NOOP("SearchWords", "In {value}"),
    "title": QT_TRANSLATE_NOOP("SearchWords", "Title has “{value}”"),
    "layer": QT_TRANSLATE_NOOP("SearchWords", "In {value}"),
    "entry": QT_TRANSLATE_NOOP("SearchWords", "Means {value}"),
    "coder": QT_TRANSLATE_NOOP("SearchWords", "Coder {value}"),
    "by": QT_TRANSLATE_NOOP("SearchWords", "Said by {value}"),
    "through": QT_TRANSLATE_NOOP("SearchWords", "Passed on by {value}"),
    "about": QT_TRANSLATE_NOOP("SearchWords", "About {value}"),
    "with": QT_TRANSLATE_NOOP("SearchWords", "With {value}"),
    "without": QT_TRANSLATE_NOOP("SearchWords", "Without {value}"),
    "note": QT_TRANSLATE_NOOP("SearchWords", "Note has “{value}”"),
}


def said(each: Filter) -> str:
    """A filter as a person says it."""
    key = each.key.casefold()
    template = _SAID.get(key)
    if template is None:
        text = f"{each.key.removeprefix('meta.').removeprefix('field.')}: {each.value}"
    else:
        text = QCoreApplication.translate("SearchWords", template).replace("{value}", each.value)
    if each.negated:
        return QCoreApplication.translate("SearchWords", "Not: {filter}").replace("{filter}", text)
    return text
