"""The annotated article on paper: pages, printer, PDF."""
