"""What a change touches, in words, and the question what shall become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QRadioButton, QWidget

from annotator.ui import fonts
from annotator.ui.codebook.work import Work
from annotator.ui.dialogs.base import Dialog
from annotator.ui.translate import QT_TRANSLATE_NOOP
from annotator.ui.widgets import PlainLabel

if TYPE_CHECKING:
    from annotator.services.codebook_change import Change
    from annotator.services.project import Project
    from annotator.services.recoding import Touch

_N = QT_TRANSLATE_NOOP
_THINGS = {
    "annotation": (_N("Touches", "1 annotation"), _N("Touches", "{n} annotations")),
    "link": (_N("Touches", "1 link"), _N("Touches", "{n} links")),
    "entry": (_N("Touches", "1 entry"), _N("Touches", "{n} entries")),
    "document": (_N("Touches", "1 article"), _N("Touches", "{n} articles")),
}
_FATES = {
    "follows": _N("Touches", "{things}: the value follows"),
    "moves": _N("Touches", "{things}: moved"),
    "is lost": _N("Touches", "{things}: a value is lost"),
    "is removed": _N("Touches", "{things}: removed"),
    "loses members": _N("Touches", "{things}: lose members, or go where nothing is left to link"),
    "loses entries": _N("Touches", "{things}: refer to no entry any more"),
    "is released": _N("Touches", "{things}: keep the value as free metadata"),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Touches", text)


def amount(thing: str, count: int, documents: int = 0) -> str:
    """So many things, and in how many articles where that is told."""
    one, many = _THINGS[thing]
    text = _tr(one) if count == 1 else _tr(many).replace("{n}", QLocale().toString(count))
    if not documents or thing == "document":
        return text
    where = _tr("in 1 article") if documents == 1 else _tr("in {n} articles")
    return f"{text} {where.replace('{n}', QLocale().toString(documents))}"


def sentence(touch: Touch) -> str:
    """One line of what a change touches."""
    return _tr(_FATES[touch.fate]).replace("{things}", amount(touch.thing, touch.count, touch.documents))


class AskDialog(Dialog):
    """Says what a change would touch before it is made. With `options` it asks what shall become of that.

    `options` maps a sentence to the places to choose from there (id to name); none where there is nothing to choose.
    `make` gives the change for the chosen sentence and place; it is read again with each choice.
    """

    about_to = Signal()
    """The change is about to be made."""

    def __init__(
        self,
        project: Project,
        title: str,
        ok: str,
        options: Sequence[tuple[str, Mapping[str, str]]],
        make: Callable[[int, str | None], Change],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent, ok=ok, width=500)
        self._make = make
        self._work = Work(project, self)
        self._group = QButtonGroup(self)
        self.radios: list[QRadioButton] = []
        self.boxes: list[QComboBox | None] = []
        self.change: Change | None = None
        self.touches: list[Touch] = []
        if len(options) > 1:
            self.body.addWidget(PlainLabel(self.tr("What shall become of what uses it?"), role="text2"))
        for number, (text, places) in enumerate(options):
            self._add(number, text, places, alone=len(options) == 1)
        self.told = PlainLabel("", role="text2", font=fonts.ui(fonts.HEAD), wrap=True)
        self.told.setMinimumWidth(452)
        self.told.setMinimumHeight(60)
        self.body.addWidget(self.told)
        self.body.addStretch(1)
        if self.radios:
            self.radios[0].setChecked(True)
        self._group.idToggled.connect(lambda _id, _on: self._show())
        self._show()
        self.fit()
        (self.radios[0] if len(self.radios) > 1 else self.ok_button).setFocus()

    def _add(self, number: int, text: str, places: Mapping[str, str], *, alone: bool) -> None:
        radio = QRadioButton(text)
        radio.setFont(fonts.ui())
        self._group.addButton(radio, number)
        self.radios.append(radio)
        radio.setVisible(not alone)
        row = QHBoxLayout()
        row.addWidget(radio)
        box: QComboBox | None = None
        if places:
            box = QComboBox()
            box.setFont(fonts.ui())
            box.setAccessibleName(text)
            for id_, name in places.items():
                box.addItem(name, id_)
            box.activated.connect(lambda _index: radio.setChecked(True))
            box.activated.connect(lambda _index: self._show())
            row.addWidget(box)
        row.addStretch(1)
        self.boxes.append(box)
        self.body.addLayout(row)

    def _show(self) -> None:
        number = max(0, self._group.checkedId())
        box = self.boxes[number] if self.boxes else None
        place = box.currentData() if box is not None else None
        self.change = None
        self.ok_button.setEnabled(False)
        self.told.setText(self.tr("Counting what it touches…"))
        self._work.weigh(lambda: self._make(number, place), self._tell_touches, lambda error: self.tell(str(error)))

    def _tell_touches(self, change: Change, touches: list[Touch]) -> None:
        self.change, self.touches = change, touches
        found = [*map(sentence, touches), *change.notes]
        self.told.setText("\n".join(found) if found else self.tr("Nothing in the project uses it."))
        self.setAccessibleDescription(self.told.text())
        self.ok_button.setEnabled(True)

    def save(self) -> bool:
        """Make the change, as one step; the dialog closes when it is made."""
        if self.change is not None:
            self.about_to.emit()
            self._work.apply(self, self.change, self.touches, self.accept, lambda error: self.tell(str(error)))
        return False

    def done(self, result: int) -> None:
        """Nobody waits for the count any more."""
        self._work.drop()
        super().done(result)
