"""Writes recipe text: fixes, formatting, generated YAML."""
