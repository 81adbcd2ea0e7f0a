"""ilocal: an organisation's public events in one text file, and answers about them in the terminal."""

__version__ = "0.1.0"  # a literal: asking the package's metadata costs 26 ms at every start
