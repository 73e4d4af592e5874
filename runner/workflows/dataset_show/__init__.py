"""``recipe data show``: what the examples are, as they are stored, as the model sees them, or as they train."""
