"""What a user can do with a project. No widget and no SQL in here."""
