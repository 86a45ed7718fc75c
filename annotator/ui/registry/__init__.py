"""The registry page: entries, what is known of them, and where they are mentioned."""
