"""A disposable SQLite copy of a registry that answers queries fast."""
