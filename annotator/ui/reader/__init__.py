"""The article pane: the text as it is stored, with every annotation drawn under and beside it."""
