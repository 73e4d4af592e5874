"""Texts: a vocabulary of the training part, and integers."""
