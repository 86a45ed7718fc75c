"""The middle of the window: the article's head, its text, and the bar of layers."""
