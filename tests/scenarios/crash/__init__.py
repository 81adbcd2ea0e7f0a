"""P1, P2, P8, P12: a failure injected at every step of a write, and what is left looked at."""
