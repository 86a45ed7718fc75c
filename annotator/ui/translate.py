"""Marks texts for the translators where they are written before anything can translate them."""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """The text itself. It has Qt's name, by which pyside6-lupdate finds the texts; Qt's own is not typed as text."""
    return text
