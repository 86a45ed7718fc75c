"""What the codebook says about its parts, as tool tips."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import QCoreApplication

from annotator.domain.codebook import Field, Layer, LinkType, Registry, Role
from annotator.ui.panel import words

Described = Layer | LinkType | Registry | Role | Field


def _tr(text: str) -> str:
    return QCoreApplication.translate("CodebookHelp", text)


def tool_tip(item: Described) -> str:
    """Description, guidelines and examples of a part, wrapped; with the choices of a field that say what they mean."""
    parts = [f"<b>{_html(words.label(item.name))}</b>"]
    if item.description:
        parts.append(_html(item.description))
    if item.guidelines:
        parts.append(_html(item.guidelines))
    if item.examples:
        parts.append(f"{_html(_tr('Examples'))}: " + _listed(item.examples))
    if isinstance(item, Field):
        told = [(choice, item.help_for(choice)) for choice in item.choices]
        parts += [f"<i>{_html(words.label(choice))}</i>: {_html(text)}" for choice, text in told if text]
    return "<qt>" + "".join(f"<p style='margin: 0 0 4px 0'>{part}</p>" for part in parts) + "</qt>"


def says_anything(item: Described) -> bool:
    """Whether there is more to tell than the name."""
    told = isinstance(item, Field) and any(text for _, text in item.choice_help)
    return bool(item.description or item.guidelines or item.examples or told)


def _listed(examples: Iterable[str]) -> str:
    return " · ".join(f"<i>{_html(example)}</i>" for example in examples)


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")
