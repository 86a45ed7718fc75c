"""The program's settings. Each takes effect, and is stored, as soon as it is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFontComboBox,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.ui import fonts
from annotator.ui.dialogs.base import Dialog, RowHeight, line, row
from annotator.ui.dialogs.keys_page import KeysPage
from annotator.ui.settings import Settings, settings
from annotator.ui.welcome import LANGUAGES
from annotator.ui.widgets import Card, PlainLabel, Segmented, button


class SettingsDialog(Dialog):
    """Pages at the start, the page beside them; one button, since nothing waits to be applied."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Settings"), parent, width=720)
        self.only_close()
        self.pages = QListWidget()
        self.pages.setAccessibleName(self.tr("Settings"))
        self.pages.setFixedWidth(150)
        RowHeight(self.pages, 30)
        self.stack = QStackedWidget()
        self.keys_page = KeysPage(actions)
        for name, page in (
            (self.tr("Appearance"), self._appearance()),
            (self.tr("Reading"), self._reading()),
            (self.tr("You"), self._you()),
            (self.tr("Keys"), self.keys_page),
        ):
            self.pages.addItem(name)
            self.stack.addWidget(page)
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        middle = QHBoxLayout()
        middle.setSpacing(24)
        middle.addWidget(self.pages)
        middle.addWidget(self.stack, 1)
        self.body.addLayout(middle, 1)
        self.resize(720, 520)
        self.pages.setCurrentRow(0)
        self.pages.setFocus()

    def show_page(self, number: int) -> None:
        """Open at a page: 0 appearance, 1 reading, 2 you, 3 keys."""
        self.pages.setCurrentRow(number)

    # Pages

    def _appearance(self) -> QWidget:
        page, form = _page()
        self.theme = Segmented(
            ("light", "dark", "system"),
            name=self.tr("Theme"),
            labels={"light": self.tr("Light"), "dark": self.tr("Dark"), "system": self.tr("As the system")},
        )
        self.theme.setValue(settings().theme)
        self.theme.chosen.connect(self._theme_chosen)
        row(form, self.tr("Theme"), self.theme)
        self.language = QComboBox()
        self.language.setFont(fonts.ui())
        for code, name in LANGUAGES.items():
            self.language.addItem(name, code)
        self.language.setCurrentIndex(max(0, self.language.findData(settings().language)))
        self.language.setEnabled(len(LANGUAGES) > 1)
        self.language.activated.connect(lambda _i: _set("language", self.language.currentData()))
        row(form, self.tr("Language"), self.language)
        self.direction = Segmented(
            ("auto", "ltr", "rtl"),
            name=self.tr("Direction"),
            labels={
                "auto": self.tr("As the language"),
                "ltr": self.tr("Left to right"),
                "rtl": self.tr("Right to left"),
            },
        )
        self.direction.setValue(settings().direction)
        self.direction.chosen.connect(self._direction_chosen)
        note = self.tr("Which way the interface runs. An article always reads as its own language does.")
        row(form, self.tr("Direction"), self.direction, note)
        self.reopen = QCheckBox(self.tr("Open the last project when Annotator starts"))
        self.reopen.setFont(fonts.ui())
        self.reopen.setChecked(settings().reopen_last)
        self.reopen.toggled.connect(lambda on: _set("reopen_last", on))
        form.addRow("", self.reopen)
        return page

    def _reading(self) -> QWidget:
        page, form = _page()
        self.family = QFontComboBox()
        self.family.setFont(fonts.ui())
        self.family.setEditable(True)
        self._show_family()
        self.family.currentFontChanged.connect(self._family_chosen)
        self.default_family = button(self.tr("Use Source Serif"), role="flat")
        self.default_family.clicked.connect(self._default_family)
        row(form, self.tr("Font"), self.family)
        form.addRow("", _at_start(self.default_family))
        self.size_box = QSpinBox()
        self.size_box.setFont(fonts.ui(tabular=True))
        self.size_box.setRange(12, 32)
        self.size_box.setValue(settings().reading_size)
        self.size_box.setSuffix(self.tr(" px"))
        self.size_box.valueChanged.connect(self._size_chosen)
        self.size_box.setFixedWidth(96)
        self.size_box.setAccessibleName(self.tr("Size"))
        row(form, self.tr("Size"), _at_start(self.size_box))
        self.width_choice = Segmented(
            Settings.reading_width.choices,
            name=self.tr("Width"),
            labels={"narrow": self.tr("Narrow"), "normal": self.tr("Normal"), "wide": self.tr("Wide")},
        )
        self.width_choice.setValue(settings().reading_width)
        self.width_choice.chosen.connect(self._width_chosen)
        row(form, self.tr("Width"), self.width_choice)
        self.sample = PlainLabel(
            self.tr("A Syrian official stated that the American initiative ensures the cessation of all activities."),
            wrap=True,
        )
        card = Card()
        inside = QVBoxLayout(card)
        inside.setContentsMargins(20, 14, 20, 14)
        inside.addWidget(self.sample)
        form.addRow(card)
        self._show_sample()
        return page

    def _you(self) -> QWidget:
        page, form = _page()
        self.coder = line(settings().coder, self.tr("Your name on this computer"))
        self.coder.editingFinished.connect(self._coder_typed)
        note = self.tr("Every annotation says who made it. In a project several people may code the same article.")
        row(form, self.tr("Coder name"), self.coder, note)
        return page

    # Choices

    def _width_chosen(self, value: str | None) -> None:
        self.width_choice.setValue(value or settings().reading_width)
        if value:
            settings().reading_width = value

    def _theme_chosen(self, value: str | None) -> None:
        # A second press on a segment clears it; a theme there must be.
        self.theme.setValue(value or settings().theme)
        if value:
            _set("theme", value)

    def _direction_chosen(self, value: str | None) -> None:
        self.direction.setValue(value or settings().direction)
        if value:
            _set("direction", value)

    def _show_family(self) -> None:
        self.family.blockSignals(True)
        self.family.setCurrentFont(QFont(settings().reading_family or fonts.SERIF_FAMILY))
        self.family.blockSignals(False)

    def _family_chosen(self, font: QFont) -> None:
        _set("reading_family", "" if font.family() == fonts.SERIF_FAMILY else font.family())
        self._show_sample()

    def _size_chosen(self, value: int) -> None:
        _set("reading_size", value)
        self._show_sample()

    def _default_family(self) -> None:
        settings().reset(Settings.reading_family)
        self._show_family()
        self._show_sample()

    def _show_sample(self) -> None:
        font = fonts.serif(float(settings().reading_size))
        if settings().reading_family:
            font.setFamilies([settings().reading_family, *font.families()])
        self.sample.setFont(font)

    def _coder_typed(self) -> None:
        _set("coder", " ".join(self.coder.text().split()))

    def done(self, result: int) -> None:
        """A name that is half-typed when the dialog closes counts."""
        self._coder_typed()
        super().done(result)


def _set(name: str, value: object) -> None:
    setattr(settings(), name, value)


def _at_start(widget: QWidget) -> QWidget:
    box = QWidget()
    line_ = QHBoxLayout(box)
    line_.setContentsMargins(0, 0, 0, 0)
    line_.addWidget(widget)
    line_.addStretch(1)
    box.setFocusProxy(widget)
    return box


def _page() -> tuple[QWidget, QFormLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(4, 4, 4, 4)
    form = QFormLayout()
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(14)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    column.addLayout(form)
    column.addStretch(1)
    return page, form
