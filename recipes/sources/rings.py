"""Examples of a recipe with ``source: custom``."""

import numpy as np


def load(points, noise):
    """Points on two rings, and on which of them each one is."""
    drawn = np.random.default_rng(0)
    ring = np.arange(points) % 2
    angle = drawn.uniform(0, 2 * np.pi, points)
    place = (1 + ring)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return place + drawn.normal(0, noise, place.shape), ring
