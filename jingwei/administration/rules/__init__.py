"""Plain values of administration."""
