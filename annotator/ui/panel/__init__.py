"""The right-hand panel: the inspector above, the outline of the article below."""
