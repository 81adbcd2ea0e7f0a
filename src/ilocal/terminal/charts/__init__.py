"""Charts of events: calendars, bars and timelines."""
