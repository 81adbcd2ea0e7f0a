"""TOML text: scanned, split into blocks, written and edited in place."""
