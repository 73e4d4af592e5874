"""Runs training recipes: from a text file to a trained Keras model."""
