"""The style sheet, made from the tokens, over Fusion.

It styles Qt's own widgets. Buttons take a `role` property (primary, secondary, flat). Text fields and lists made
straight from Qt's classes are boxed; subclasses (the article, the panels' lists) are left alone unless they carry the
property `role` "field" or "boxed". A list with the role "plain" has neither box nor ground.
"""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from annotator import resources
from annotator.ui import theme as _theme

if TYPE_CHECKING:
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QApplication

_SHEET = Template("""
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMenuBar { background: $window; border: none; border-bottom: 1px solid $line; padding: 2px 8px 1px 8px;
  min-height: 28px; max-height: 28px; }
QMenuBar::item { background: transparent; color: $ink; padding: 0 10px;
  border-radius: 6px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $rowsel; }
QMenu { background: $field; color: $ink; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 10px; border-radius: 5px; background: transparent; }
QMenu::icon { margin-left: 6px; margin-right: 6px; }
QMenu::item:selected { background: $rowsel; }
QMenu::item:disabled { color: $faint; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::indicator { width: 16px; height: 16px; margin-left: 6px; margin-right: -2px; }
QMenu::indicator:checked { image: url("$images/check.png"); }
QToolTip { background: $field; color: $ink; border: 1px solid $border; padding: 3px 6px; }

QPushButton { background: $field; color: $ink; border: 1px solid $border; border-radius: 7px;
  padding: 0 12px; min-height: 26px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $rowsel; }
QPushButton:disabled { color: $faint; border-color: $line; background: $window; }
QPushButton:flat, QPushButton[role="flat"] { background: transparent; border-color: transparent; color: $text2; }
QPushButton:flat:hover, QPushButton[role="flat"]:hover { background: $hover; color: $ink; }
QPushButton[role="primary"], QDialogButtonBox QPushButton:default { background: $accent; color: $on_accent;
  border-color: $accent; }
QPushButton[role="primary"]:hover, QDialogButtonBox QPushButton:default:hover { background: $accent_hover; }
QPushButton[role="primary"]:pressed, QDialogButtonBox QPushButton:default:pressed { background: $accent_down; }
QPushButton[role="primary"]:disabled, QDialogButtonBox QPushButton:default:disabled { background: $rowsel;
  border-color: $rowsel; color: $faint; }
QToolButton { background: transparent; color: $text2; border: none; border-radius: 6px; padding: 3px; }
QToolButton:hover { background: $hover; color: $ink; }
QToolButton:pressed, QToolButton:checked { background: $rowsel; color: $ink; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton::menu-indicator { image: url("$images/chevron-down.png"); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: right center; margin: 0 8px; }

QLineEdit, QAbstractSpinBox, QComboBox, .QTextEdit, .QPlainTextEdit, QTextEdit[role="field"],
QPlainTextEdit[role="field"] { background: $field; color: $ink; border: 1px solid $border; border-radius: 6px;
  selection-background-color: $textsel; selection-color: $ink; }
QLineEdit { padding: 0 7px; min-height: 24px; }
QAbstractSpinBox { min-height: 24px; }
QLineEdit[role="search"] { min-height: 28px; border-radius: 7px; }
QLineEdit[role="plain"] { background: transparent; border: none; padding: 0; }
.QTextEdit, .QPlainTextEdit, QTextEdit[role="field"], QPlainTextEdit[role="field"] { padding: 3px 4px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, .QTextEdit:focus, .QPlainTextEdit:focus,
QTextEdit[role="field"]:focus, QPlainTextEdit[role="field"]:focus { border-color: $focus; }
QLineEdit[role="plain"]:focus { border: none; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, .QPlainTextEdit:disabled { color: $faint;
  background: $window; border-color: $line; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }
QAbstractSpinBox QLineEdit { padding: 0 7px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; background: transparent; width: 20px;
  subcontrol-origin: border; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 1px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 1px; }
QAbstractSpinBox::up-arrow { image: url("$images/chevron-up.png"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$images/chevron-down.png"); width: 12px; height: 12px; }
QComboBox { padding: 0 7px; min-height: 24px; }
QComboBox:hover, QLineEdit:hover { border-color: $edge_hover; }
QComboBox:on { border-color: $focus; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; }
QComboBox::down-arrow { image: url("$images/chevron-down.png"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $field; color: $ink; border: 1px solid $border; padding: 3px; outline: 0;
  selection-background-color: $rowsel; selection-color: $ink; }
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 4px; }

QCheckBox, QRadioButton { spacing: 8px; color: $ink; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QAbstractItemView::indicator { width: 14px;
  height: 14px; border: 1px solid $edge; border-radius: 4px; background: $field; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $text2; }
QCheckBox::indicator:checked, QGroupBox::indicator:checked, QAbstractItemView::indicator:checked {
  background: $accent; border-color: $accent; image: url("$images/tick.png"); }
QCheckBox::indicator:indeterminate, QAbstractItemView::indicator:indeterminate { background: $accent;
  border-color: $accent; image: url("$images/dash.png"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url("$images/dot.png"); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $window; border-color: $line; }
QCheckBox::indicator:checked:disabled, QRadioButton::indicator:checked:disabled { background: $text3; }

.QListView, .QListWidget, .QTreeView, .QTreeWidget, .QTableView, .QTableWidget, QAbstractItemView[role="boxed"] {
  background: $field; color: $ink; border: 1px solid $line; border-radius: 6px; outline: 0; gridline-color: $line;
  alternate-background-color: $paper; selection-background-color: $rowsel; selection-color: $ink; }
QListView::item, QTreeView::item { padding: 4px 6px; }
.QListView:focus, .QListWidget:focus, .QTreeView:focus, .QTreeWidget:focus, .QTableView:focus, .QTableWidget:focus {
  border-color: $focus; }
QAbstractItemView[role="plain"] { background: transparent; border: none; outline: 0; }
QHeaderView { background: $window; border: none; }
QHeaderView::section { background: $window; color: $text2; border: none; border-bottom: 1px solid $line;
  padding: 4px 8px; }
QTableCornerButton::section { background: $window; border: none; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 11px; }
QScrollBar:horizontal { height: 11px; }
QScrollBar::handle { background: $thumb; border-radius: 2px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px 3px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 3px 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $thumb_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QAbstractScrollArea::corner { background: transparent; }
QScrollArea { background: transparent; border: none; }

QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $border; }
QStatusBar { background: $window; color: $text2; border-top: 1px solid $line; min-height: 25px; max-height: 25px; }
QStatusBar::item { border: none; }
QSizeGrip { image: none; width: 0; height: 0; }
QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabWidget::tab-bar { left: 0; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $text2; padding: 6px 12px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:selected { color: $ink; border-bottom-color: $accent; }
QTabBar::tab:focus { background: $hover; }
QGroupBox { border: none; margin-top: 22px; padding: 4px 0 0 0; }
QGroupBox::title { subcontrol-origin: margin; subcontrol-position: top left; color: $ink; padding: 0 3px; }
QToolBar { background: $window; border: none; spacing: 4px; }
QSlider::groove:horizontal { height: 3px; background: $line; border-radius: 1px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 7px; background: $accent; }
""")

# Images that the sheet names: icon, colour, logical size.
_IMAGES = {
    "check": ("check", "ink", 16),
    "tick": ("check", "on_accent", 14),
    "dash": ("minus", "on_accent", 14),
    "dot": ("dot", "on_accent", 14),
    "chevron-down": ("chevron-down", "text2", 14),
    "chevron-up": ("chevron-up", "text2", 14),
}


def install(app: QApplication, theme: _theme.Theme, font: QFont) -> None:
    """Set the application's style, palette, font and style sheet."""
    if not app.property("fusion") and app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_theme.palette(theme))
    app.setFont(font)
    app.setStyleSheet(sheet(theme))


def sheet(theme: _theme.Theme) -> str:
    """The style sheet of a theme."""
    mix = _theme.mix
    values = _theme.tokens(theme) | {
        "images": resources.path("themes", theme.name).as_posix(),
        "faint": mix(theme.window, theme.text3, 0.62).name(),
        "edge": mix(theme.border, theme.text3, 0.5).name(),
        "edge_hover": mix(theme.border, theme.text3, 0.4).name(),
        "thumb_hover": mix(theme.thumb, theme.text3, 0.5).name(),
        "accent_hover": mix(theme.accent, theme.on_accent, 0.10).name(),
        "accent_down": mix(theme.accent, theme.on_accent, 0.18).name(),
    }
    return _SHEET.substitute(values)


def write_images(folder: Path) -> None:
    """Paint the images that the sheet names, at 1x and 2x; run it when an icon or a token changes."""
    from annotator.ui import icons

    for theme in (_theme.LIGHT, _theme.DARK):
        place = folder / theme.name
        place.mkdir(parents=True, exist_ok=True)
        for name, (icon, color, size) in _IMAGES.items():
            for ratio, suffix in ((1.0, ""), (2.0, "@2x")):
                picture = icons.pixmap(icon, size, theme.color(color), ratio).toImage()
                picture.setDevicePixelRatio(1.0)
                picture.save(str(place / f"{name}{suffix}.png"))
