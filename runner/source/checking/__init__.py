"""What is wrong with a recipe, and where."""
