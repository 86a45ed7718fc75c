"""The codebook: the window that edits it, what it tells while one tags, and what is still to do."""
