"""The compiled call: K optimizer steps, and evaluation."""
