"""Everything that listens to a run. Sinks see events and nothing else."""
