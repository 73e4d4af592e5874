"""Arrays from npz and npy files."""
