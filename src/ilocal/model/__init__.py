"""Model of an event: dates, recurrence, queries and merging, independent of files and terminals."""
