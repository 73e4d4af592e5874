"""From a table's columns to examples: which columns are inputs, which rows train, what the model receives."""
