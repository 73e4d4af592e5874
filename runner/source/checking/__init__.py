"""Finds what is wrong with a recipe, and where."""
