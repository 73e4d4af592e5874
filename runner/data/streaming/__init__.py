"""Examples that are read from files while the model trains."""
