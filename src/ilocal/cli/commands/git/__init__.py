"""Git understands events: branches are merged by event and field."""
