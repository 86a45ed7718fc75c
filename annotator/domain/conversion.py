"""A value of one kind of field as a value of another, where that makes sense."""

from __future__ import annotations

from annotator.domain.codebook import Field
from annotator.domain.errors import InvalidValue
from annotator.domain.invariants import check_value
from annotator.domain.model import FieldValue

_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}


def converted(value: object, field: Field) -> FieldValue | None:
    """The value as this field takes it; None where it cannot say the same."""
    for candidate in _candidates(value, field):
        try:
            return check_value(field, candidate)
        except InvalidValue:
            continue
    return None


def _candidates(value: object, field: Field) -> list[object]:
    """What the value might be called there, the nearest first."""
    texts = _texts(value)
    match field.type:
        case "text":
            return [value, ", ".join(texts)]
        case "choice":
            return [value, *([_choice(texts[0], field)] if len(texts) == 1 else [])]
        case "multi-choice":
            chosen = list(dict.fromkeys(choice for text in texts if (choice := _choice(text, field)) is not None))
            return [value, chosen] if chosen else [value]
        case "number":
            return [value, _number(texts[0])] if len(texts) == 1 and not isinstance(value, bool) else []
        case "boolean":
            folded = texts[0].strip().casefold() if len(texts) == 1 else ""
            return [value, *([folded in _YES] if folded in _YES | _NO else [])]
        case _:
            return [value, *(text.strip() for text in texts[:1] if len(texts) == 1)]


def _texts(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, (list, tuple)):
        return [str(item) for item in value]
    return [str(value)]


def _choice(text: str, field: Field) -> str | None:
    if text in field.choices:
        return text
    folded = " ".join(text.split()).casefold()
    return next((choice for choice in field.choices if choice.casefold() == folded), None)


def _number(text: str) -> int | float | None:
    for kind in (int, float):
        try:
            return kind(text.strip())
        except ValueError:
            continue
    return None
