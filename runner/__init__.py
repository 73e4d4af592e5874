"""Runs training recipes: from a text file to a trained Keras model."""

import gc

from runner.interrupts import is_program, listen

if is_program():
    listen()  # before anything else: most of what follows is imports, and a Ctrl-C among them is no traceback

# Start-up makes many objects that live to the end; collecting among them is a tenth of a short verb's time.
gc.set_threshold(50_000, 20, 20)
