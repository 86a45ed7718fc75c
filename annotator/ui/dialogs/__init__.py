"""Dialogs and overlays, one module each, imported when first asked for."""
