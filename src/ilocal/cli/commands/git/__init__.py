"""Let git merge branches by event and field."""

HELP_GROUP = "setup"
