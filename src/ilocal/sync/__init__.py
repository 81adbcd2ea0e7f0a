"""Events of another source brought together with those of the registry."""
