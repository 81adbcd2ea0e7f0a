"""Publish the registry as a static website with pages, calendar subscriptions, feeds and search."""

HELP_GROUP = "publish"
