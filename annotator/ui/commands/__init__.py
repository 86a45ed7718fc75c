"""What the actions do: one small class a menu. Each method bears the name of its action."""
