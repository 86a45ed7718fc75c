"""The words of Annotator as plain data: standard library only, no input or output."""
