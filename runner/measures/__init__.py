"""Metrics of whole splits, in NumPy: the same for training, evaluation and reports."""
