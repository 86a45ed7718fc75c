"""How the report looks: the marks of the window, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable

from annotator.domain.codebook import Layer

# The default claim colour is brown; its tint is lighter and warmer than brown on paper.
_TINTS = {"#925500": "#EDC87847"}
_COLOR = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})")

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; padding: 32px 24px 64px; max-width: 760px; background: #FDFCFA; color: #1D2126;
  font: 14px/1.5 "Inter", system-ui, "Segoe UI", "Noto Sans", "Noto Sans Arabic", sans-serif; }
h1 { font-size: 22px; line-height: 1.3; margin: 0 0 4px; }
h2 { font: 600 20px/1.3 "Source Serif 4", "Source Serif Pro", Georgia, "Noto Naskh Arabic", serif; margin: 0 0 4px; }
h3 { font-size: 13px; margin: 28px 0 8px; }
a { color: inherit; text-decoration-color: #CBC7BD; }
.meta, .fields, dt, footer { color: #555B63; font-size: 12.5px; }
.meta { margin: 0 0 16px; }
.meta span + span::before, .fields span + span::before { content: " · "; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 28px; list-style: none; margin: 20px 0; padding: 0; }
.legend li { font-size: 13px; }
.legend .a { font: 16px/1.7 "Source Serif 4", "Source Serif Pro", Georgia, serif; }
nav ol { columns: 2; column-gap: 32px; padding-inline-start: 28px; font-size: 13px; }
nav li { break-inside: avoid; }
article { border-top: 1px solid #CBC7BD; margin-top: 40px; padding-top: 28px; }
.text { font: 17px/1.95 "Source Serif 4", "Source Serif Pro", Georgia, "Noto Naskh Arabic", serif; }
.text p { margin: 0 0 13px; white-space: pre-wrap; overflow-wrap: anywhere; text-align: start; }
[dir="rtl"] .text { font-size: 20px; line-height: 2.1; }
q, .words { font-family: "Source Serif 4", "Source Serif Pro", Georgia, "Noto Naskh Arabic", serif; font-size: 15px;
  white-space: pre-line; }
q { quotes: "“" "”"; }
.claims { list-style: none; margin: 0; padding: 0; }
.claims > li { border: 1px solid #E3E0D8; border-radius: 9px; background: #FFFFFF; padding: 10px 14px; margin: 0 0 10px;
  break-inside: avoid; }
.number { font-size: 12px; font-weight: 600; margin-inline-end: 6px; text-decoration: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 14px; margin: 6px 0 0; }
dd { margin: 0; }
.entry { color: #555B63; }
.entry::before { content: "→ "; }
[dir="rtl"] .entry::before { content: "← "; }
.claims > li > .fields { display: block; }
.note { font-size: 13px; font-style: italic; margin: 6px 0 0; white-space: pre-line; }
.plain { margin: 0; padding-inline-start: 20px; font-size: 13.5px; }
.a { text-decoration-thickness: 1.6px; text-decoration-skip-ink: none; text-underline-offset: 4px; }
.n2 { text-underline-offset: 8px; }
.n3 { text-underline-offset: 12px; }
[data-n]::before { content: attr(data-n); display: inline-block; unicode-bidi: isolate; direction: ltr;
  font: 600 10px/1 "Inter", system-ui, sans-serif; vertical-align: 7px; margin-inline-end: 2px; text-decoration: none; }
footer { border-top: 1px solid #CBC7BD; margin-top: 40px; padding-top: 12px; }
@page { margin: 18mm 16mm; }
@media print {
  body { max-width: none; padding: 0; background: none; font-size: 10pt; }
  .text { font-size: 11.5pt; orphans: 2; widows: 2; }
  article + article { break-before: page; border: 0; margin: 0; padding: 0; }
  h2, h3 { break-after: avoid; }
  a { text-decoration: none; }
}
"""

_UNDERLINES = {"underline": "solid", "dots": "dotted", "dashes": "dashed", "double": "double", "wave": "wavy"}


def style(layers: Iterable[tuple[str, Layer]]) -> str:
    """The whole style sheet; `layers` are CSS classes with their layers."""
    return _STYLE + "\n".join(_layer(css, layer) for css, layer in layers) + "\n"


def _layer(css: str, layer: Layer) -> str:
    color = layer.color if _COLOR.fullmatch(layer.color) else "#555B63"
    if len(color) == 4:
        color = "#" + "".join(digit * 2 for digit in color[1:])
    number = f".{css}[data-n]::before, .{css}-ink {{ color: {color}; }}"
    tint = _TINTS.get(color.lower(), f"{color}1F")
    if layer.mark == "tint":
        # Not opaque, so that a claim within a claim is darker.
        return f".{css} {{ background: {tint}; }} .{css}.b {{ border-inline-start: 1.5px solid {color}; }} {number}"
    if layer.mark == "outline":
        return (
            f".{css} {{ border: solid {color}; border-width: 1.15px 0; padding-block: 1px; }} "
            f".{css}.b {{ border-inline-start-width: 1.15px; border-start-start-radius: 4.5px; "
            "border-end-start-radius: 4.5px; } "
            f".{css}.e {{ border-inline-end-width: 1.15px; border-start-end-radius: 4.5px; "
            f"border-end-end-radius: 4.5px; }} {number}"
        )
    line = _UNDERLINES.get(layer.mark, "solid")
    return f".{css} {{ text-decoration-line: underline; text-decoration-style: {line}; " + (
        f"text-decoration-color: {color}; }} {number}"
    )
