"""What this machine and its installation offer a run, and what stands in its way. TensorFlow is asked in a child."""
