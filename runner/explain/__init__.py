"""Help texts for the words of the recipe language."""
