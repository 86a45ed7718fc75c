"""Kills the program at random instants and looks at what is left: `python -m tests.torture`, also a part of the suite."""
