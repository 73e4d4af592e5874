"""Pixels of images, through TensorFlow: by the operations that a saved model has too."""
