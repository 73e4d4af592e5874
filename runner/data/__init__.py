"""A person's own data: facts without reading everything, examples by position, statistics of the training part."""
