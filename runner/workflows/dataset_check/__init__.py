"""``recipe data check``: what is odd about a recipe's data, found by reading every example once."""
