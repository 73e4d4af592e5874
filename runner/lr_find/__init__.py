"""The learning-rate range test: sweep, advice, text and picture."""
