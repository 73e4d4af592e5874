"""``make gpu-check``: everything that the engine claims of a GPU, tried on this machine's, in one table."""
