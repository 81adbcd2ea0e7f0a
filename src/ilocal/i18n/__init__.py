"""Messages and labels in the user's language, and their catalogues."""
