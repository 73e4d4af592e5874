"""Random changes of images: drawn on the host, made on the device."""
