"""Annotator: read news articles and record who says what, according to whom."""

__version__ = "0.1.0"
