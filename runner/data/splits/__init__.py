"""Which examples train, validate and test: pure functions of what is known of them and of a seed."""
