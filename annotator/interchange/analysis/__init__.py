"""What leaves for analysis and for readers: tables, networks, a report, quotations. Nothing here is read again."""
