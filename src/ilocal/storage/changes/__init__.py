"""Changes of a registry: their text, their commit to disk and their undo log."""
