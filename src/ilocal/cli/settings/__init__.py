"""The user's settings: config file and precedence."""
