"""The part of the codebook editor that edits fields and their choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from annotator.domain import codebook_edit as edit
from annotator.domain.codebook import Codebook, Field
from annotator.domain.codebook_edit import Owner
from annotator.domain.errors import Conflict, InvalidValue
from annotator.domain.invariants import shown
from annotator.services.codebook_change import Change
from annotator.services.recoding import ChangeValues, Recode
from annotator.services.values import dropped, poured, rechosen, refitted

if TYPE_CHECKING:
    from annotator.storage.recoding import Uses

ADD, CHANGE, RENAME = "Add to codebook: {what}", "Change codebook: {what}", "Rename in codebook: {what}"
REMOVE, MOVE = "Remove from codebook: {what}", "Reorder codebook: {what}"
_CHOICES = ("choice", "multi-choice")
_MOST_CHOICES = 100


class FieldEdits:
    """Fields of layers, link types, registries and documents. Each edit returns a Change."""

    @property
    def _codebook(self) -> Codebook:
        raise NotImplementedError

    @property
    def _uses(self) -> Uses:
        raise NotImplementedError

    def _change(
        self, action: str, what: str, codebook: Codebook, recodes: Sequence[Recode] = (), notes: Sequence[str] = ()
    ) -> Change:
        raise NotImplementedError

    def field_uses(self, owner: Owner, name: str) -> tuple[int, int]:
        """How many things have a value for a field, and in how many documents."""
        held = self._uses.values(owner.kind, owner.id, name)
        found = [document for document, values in held if name in values]
        return len(found), len(set(found)) if owner.kind in ("layer", "link_type") else 0

    def is_set(self, owner: Owner, name: str) -> bool:
        """Whether anything has a value for a field."""
        return any(name in values for _, values in self._uses.values(owner.kind, owner.id, name))

    def is_chosen(self, owner: Owner, name: str, choice: str) -> bool:
        """Whether anything has this choice in a field."""
        held = (values.get(name) for _, values in self._uses.values(owner.kind, owner.id, choice))
        return any(choice in value if isinstance(value, list) else choice == value for value in held)

    def choice_uses(self, owner: Owner, name: str) -> dict[str, int]:
        """How often each choice of a field is chosen."""
        counts: Counter[str] = Counter()
        for _, values in self._uses.values(owner.kind, owner.id, name):
            value = values.get(name)
            counts.update([value] if isinstance(value, str) else value if isinstance(value, list) else ())
        return dict(counts)

    def add_field(self, owner: Owner, field: Field) -> Change:
        """A new field, at the end. What documents have under its name already becomes its value, where it fits."""
        field = _checked(replace(field, name=edit.name_from(field.name)))
        fields = [*edit.fields_of(self._codebook, owner), field]
        recodes: list[Recode] = []
        if owner.kind == "documents":
            recodes.append(ChangeValues("documents", "", refitted(field.name, field), frozenset({field.name})))
        return self._change(ADD, field.name, edit.with_fields(self._codebook, owner, fields), recodes)

    def edit_field(self, owner: Owner, name: str, /, **changes: Any) -> Change:
        """Change a field's name, type, whether it is required, or its texts.

        Values follow, and those that the new type cannot say are lost. A field that becomes one of choices and has none
        gets those that are in use.
        """
        old = edit.field_of(self._codebook, owner, name)
        if "name" in changes:
            changes["name"] = edit.name_from(changes["name"])
        new = replace(old, **changes)
        if new.type != old.type and new.type in _CHOICES and not new.choices:
            new = replace(new, choices=self._texts_in_use(owner, old))
        if new.type not in _CHOICES and old.type in _CHOICES:
            new = replace(new, choices=(), choice_help=())
        new = _checked(new)
        recodes: list[Recode] = []
        if (new.name, new.type, new.choices) != (old.name, old.type, old.choices):
            change = refitted(name, new)
            recodes.append(ChangeValues(owner.kind, owner.id, change, frozenset({name, new.name})))
        action = CHANGE if new.name == name else RENAME
        return self._change(action, name, edit.with_field(self._codebook, owner, name, new), recodes)

    def _texts_in_use(self, owner: Owner, field: Field) -> tuple[str, ...]:
        counts: Counter[str] = Counter()
        for _, values in self._uses.values(owner.kind, owner.id):
            value = values.get(field.name)
            if isinstance(value, bool):
                counts["yes" if value else "no"] += 1
            elif value is not None:
                counts.update(value if isinstance(value, list) else [str(value)])
        return tuple(text for text, _ in counts.most_common(_MOST_CHOICES) if text.strip())

    def remove_field(self, owner: Owner, name: str, move_to: str | None = None, *, keep: bool = False) -> Change:
        """Remove a field: its values go, or into the field `move_to` where that is empty and takes them.

        With `keep` a document's values stay, as metadata that no field defines.
        """
        fields = edit.fields_of(self._codebook, owner)
        gone = edit.field_of(self._codebook, owner, name)
        change = dropped(name)
        if keep and owner.kind != "documents":
            raise InvalidValue("Only documents can keep values that no field defines.")
        if move_to is not None:
            if move_to == name:
                raise InvalidValue("Values cannot move to the field that is removed.")
            change = poured(name, edit.field_of(self._codebook, owner, move_to))
        recode = ChangeValues(owner.kind, owner.id, change, frozenset({name}), released=keep)
        rest = [field for field in fields if field is not gone]
        return self._change(REMOVE, name, edit.with_fields(self._codebook, owner, rest), [recode])

    def move_field(self, owner: Owner, name: str, place: int) -> Change:
        """Put a field at another place."""
        field = edit.field_of(self._codebook, owner, name)
        fields = edit.moved(edit.fields_of(self._codebook, owner), field, place)
        return self._change(MOVE, name, edit.with_fields(self._codebook, owner, fields))

    # Choices

    def add_choice(self, owner: Owner, name: str, choice: str) -> Change:
        """A new choice, at the end."""
        field = edit.field_of(self._codebook, owner, name)
        choice = edit.name_from(choice, "choice")
        return self._with_choices(ADD, choice, owner, field, (*field.choices, choice))

    def rename_choice(self, owner: Owner, name: str, old: str, new: str) -> Change:
        """Call a choice otherwise; values follow."""
        field = edit.field_of(self._codebook, owner, name)
        _there(field, old)
        new = edit.name_from(new, "choice")
        if new != old and new in field.choices:
            raise Conflict(f"{shown(new)} is a choice already: remove {shown(old)} and move its values there.")
        choices = tuple(new if choice == old else choice for choice in field.choices)
        help_ = tuple((new if choice == old else choice, text) for choice, text in field.choice_help)
        changed = replace(field, choice_help=help_)
        return self._with_choices(RENAME, old, owner, changed, choices, {old: new})

    def describe_choice(self, owner: Owner, name: str, choice: str, text: str) -> Change:
        """Say what a choice means; "" takes that back."""
        field = edit.field_of(self._codebook, owner, name)
        _there(field, choice)
        texts = {**dict(field.choice_help), choice: text.strip()}
        help_ = tuple((known, texts[known]) for known in field.choices if texts.get(known))
        return self._with_choices(CHANGE, choice, owner, replace(field, choice_help=help_), field.choices)

    def remove_choice(self, owner: Owner, name: str, choice: str, move_to: str | None = None) -> Change:
        """Remove a choice: what has it is moved to another choice, or has no value any more."""
        field = edit.field_of(self._codebook, owner, name)
        _there(field, choice)
        if move_to is not None:
            _there(field, move_to)
            if move_to == choice:
                raise InvalidValue("Values cannot move to the choice that is removed.")
        rest = tuple(other for other in field.choices if other != choice)
        kept = replace(field, choice_help=tuple(pair for pair in field.choice_help if pair[0] != choice))
        return self._with_choices(REMOVE, choice, owner, kept, rest, {choice: move_to})

    def move_choice(self, owner: Owner, name: str, choice: str, place: int) -> Change:
        """Put a choice at another place."""
        field = edit.field_of(self._codebook, owner, name)
        _there(field, choice)
        rest = [other for other in field.choices if other != choice]
        place = max(0, min(place, len(rest)))
        return self._with_choices(MOVE, choice, owner, field, (*rest[:place], choice, *rest[place:]))

    def _with_choices(
        self,
        action: str,
        what: str,
        owner: Owner,
        field: Field,
        choices: tuple[str, ...],
        values: dict[str, str | None] | None = None,
    ) -> Change:
        new = _checked(replace(field, choices=choices))
        recodes: list[Recode] = []
        if values:
            change = rechosen(field.name, values)
            recodes.append(ChangeValues(owner.kind, owner.id, change, frozenset({field.name})))
        return self._change(action, what, edit.with_field(self._codebook, owner, field.name, new), recodes)


def _there(field: Field, choice: str) -> None:
    if choice not in field.choices:
        raise InvalidValue(f"{shown(choice)} is not among the choices of the field {shown(field.name)} any more.")


def _checked(field: Field) -> Field:
    if any(not choice.strip() for choice in field.choices):
        raise InvalidValue(f"A choice of the field {shown(field.name)} has no name.")
    return field
