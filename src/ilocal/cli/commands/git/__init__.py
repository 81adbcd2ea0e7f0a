"""Git understands events: branches are merged by event and field."""

HELP_GROUP = "setup"
