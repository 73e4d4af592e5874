"""Exports a trained model as a folder that carries its own check."""
