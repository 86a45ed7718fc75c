"""The speed table: `python3 packaging/bootstrap.py bench [--json FILE] [--only NAME] [--runs N]`."""
