"""Processes of the program, forked from one that has imported TensorFlow and done nothing else."""
