"""Several devices and machines: replicas, workers, and how they meet."""
