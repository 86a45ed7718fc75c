"""The search page: the line and its filters, the hits, and what is done with them."""
