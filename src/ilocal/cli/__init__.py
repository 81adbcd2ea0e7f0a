"""The command line: options, commands, completion and settings."""
