"""Checks of this machine and its installation. TensorFlow is tested in a child process."""
