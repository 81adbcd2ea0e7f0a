"""What calendar, stats and timeline show, as lines of pieces with a style each, before anybody draws or prints it."""
