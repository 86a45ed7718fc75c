"""The right-hand panel: the inspector above, the outline of the article below."""

from annotator.ui.panel.panel import Panel

__all__ = ["Panel"]
