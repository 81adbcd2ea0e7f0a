"""What an event is, and everything that can be known of it without a file or a terminal."""
