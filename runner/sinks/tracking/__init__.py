"""Trackers: sinks that pass a run's events on to other programs. They change nothing in the run and cannot stop it."""
