"""TFRecord files of a person's own: where their records lie, whether they are whole, and what is in them."""
