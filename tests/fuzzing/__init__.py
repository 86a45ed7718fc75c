"""Good files of every format that is read, ways to break them, and a judge of what comes of it."""
