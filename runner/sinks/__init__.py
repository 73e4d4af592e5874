"""Displays and summaries of a run. Sinks receive events and nothing else."""
