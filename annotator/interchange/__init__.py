"""One module a format: importers and exporters behind the two protocols of `annotator.domain.exchange`."""
