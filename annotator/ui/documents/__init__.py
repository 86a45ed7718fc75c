"""The documents side of the window: model, painting, panel."""
