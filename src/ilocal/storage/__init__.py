"""The registry's TOML text on disk: read, edited in place, written atomically and undone."""
