"""A step of a run made again exactly, and looked into."""
