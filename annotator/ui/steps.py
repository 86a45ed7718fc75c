"""The labels of steps in the language of the interface. Services write them in English with a place for a word."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from annotator.domain.changes import StepInfo

_N = QT_TRANSLATE_NOOP
KNOWN = (
    _N("Steps", "Tag {what}"),
    _N("Steps", "Tag and link {what}"),
    _N("Steps", "Tag reporting {what}"),
    _N("Steps", "Tag {what} as topic"),
    _N("Steps", "Delete {what}"),
    _N("Steps", "Move the edge of {what}"),
    _N("Steps", "Set {what}"),
    _N("Steps", "Edit note"),
    _N("Steps", "Assign “{what}”"),
    _N("Steps", "Link {what}"),
    _N("Steps", "Unlink {what}"),
    _N("Steps", "Add “{what}”"),
    _N("Steps", "Edit “{what}”"),
    _N("Steps", "Rename “{what}”"),
    _N("Steps", "Remove “{what}”"),
    _N("Steps", "Merge {what}"),
    _N("Steps", "Mark article {what}"),
    _N("Steps", "Edit article details"),
    _N("Steps", "Rename project"),
    _N("Steps", "Edit guidelines"),
    _N("Steps", "Import {what}"),
)
"""For the translators: every label that a service writes."""


def step_text(step: StepInfo) -> str:
    """A line of the history as a person reads it."""
    return QCoreApplication.translate("Steps", step.action).replace("{what}", step.what)
