"""Plan → Keras objects: layers, losses, optimizers, saved models."""
