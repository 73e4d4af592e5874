"""Keras' applications: which there are, what each takes, and the shapes of what it gives.

``keras.json`` is generated from the installed Keras (``make catalogue``). By hand come the names that a recipe uses,
the sides of the output, and the bounds of arguments. Nothing here is imported until a recipe names an application.
"""
