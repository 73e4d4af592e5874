"""This machine's processors and GPUs, and why there is no GPU."""
