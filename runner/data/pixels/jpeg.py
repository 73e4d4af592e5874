"""How JPEG files are decoded, by every source alike."""

TRANSFORM = "INTEGER_ACCURATE"
"""The inverse cosine transform, by TensorFlow's name: that of Pillow, by which ``predict`` reads files too."""
JPEG_DECODER = f"jpeg {TRANSFORM}"
"""In the identity of examples that are decoded while they train: another transform would give other pixels."""
