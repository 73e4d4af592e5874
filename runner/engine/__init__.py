"""The compiled K-step call and the loop around it."""
