"""Merge branches in git by event and field."""

HELP_GROUP = "setup"
