"""The labels of steps in the language of the interface. Services write them in English with a place for a word."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from annotator.domain.changes import StepInfo
from annotator.ui.translate import QT_TRANSLATE_NOOP

KNOWN = (
    QT_TRANSLATE_NOOP("Steps", "Tag {what}"),
    QT_TRANSLATE_NOOP("Steps", "Tag and link {what}"),
    QT_TRANSLATE_NOOP("Steps", "Tag reporting {what}"),
    QT_TRANSLATE_NOOP("Steps", "Tag {what} as topic"),
    QT_TRANSLATE_NOOP("Steps", "Delete {what}"),
    QT_TRANSLATE_NOOP("Steps", "Move the edge of {what}"),
    QT_TRANSLATE_NOOP("Steps", "Set {what}"),
    QT_TRANSLATE_NOOP("Steps", "Edit note"),
    QT_TRANSLATE_NOOP("Steps", "Assign “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Take “{what}” away"),
    QT_TRANSLATE_NOOP("Steps", "Link {what}"),
    QT_TRANSLATE_NOOP("Steps", "Unlink {what}"),
    QT_TRANSLATE_NOOP("Steps", "Add “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Edit “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Rename “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Remove “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Remove {what}"),
    QT_TRANSLATE_NOOP("Steps", "Merge {what}"),
    QT_TRANSLATE_NOOP("Steps", "Split “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Move {what}"),
    QT_TRANSLATE_NOOP("Steps", "Keep apart: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Propose again: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Mark article {what}"),
    QT_TRANSLATE_NOOP("Steps", "Edit article details"),
    QT_TRANSLATE_NOOP("Steps", "Edit project details"),
    QT_TRANSLATE_NOOP("Steps", "Import {what}"),
    QT_TRANSLATE_NOOP("Steps", "Add to codebook: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Change codebook: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Rename in codebook: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Remove from codebook: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Reorder codebook: {what}"),
    QT_TRANSLATE_NOOP("Steps", "Take over codebook {what}"),
    QT_TRANSLATE_NOOP("Steps", "Mark {what} as copy"),
    QT_TRANSLATE_NOOP("Steps", "Take back the copy mark of {what}"),
    QT_TRANSLATE_NOOP("Steps", "Dismiss suggestion"),
    QT_TRANSLATE_NOOP("Steps", "Accept {what}"),
    QT_TRANSLATE_NOOP("Steps", "Never suggest “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Save search “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Rename search “{what}”"),
    QT_TRANSLATE_NOOP("Steps", "Remove search “{what}”"),
)
"""For the translators: every label that a service writes."""


_MOST = 48


def step_text(step: StepInfo, words: str = "") -> str:
    """A line of the history as a person reads it; with the words that were tagged, where they are told."""
    text = QCoreApplication.translate("Steps", step.action).replace("{what}", step.what)
    if not words:
        return text
    shown = words if len(words) <= _MOST else f"{words[: _MOST - 1].rstrip()}…"
    return f"{text} “{shown}”"
