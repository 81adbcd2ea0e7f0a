"""The registry as a website: pages, calendars to subscribe to, feeds and search, all as files."""

HELP_GROUP = "publish"
