"""Windows over a series."""
