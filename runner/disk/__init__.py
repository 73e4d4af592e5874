"""Atomic replacement of files, and folders that are opened without following links."""
