"""What this machine offers a run: processors, GPUs, and why there is none."""
