"""The loop around the compiled call: checkpoints, signals, limits, reports."""
