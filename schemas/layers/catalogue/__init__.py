"""Layers that Keras has and nobody wrote out: their classes are made from a table when a recipe names them.

``keras.json`` is generated from the installed Keras (``make catalogue``): what every layer is called and takes.
``admitted`` says by hand which of them a recipe may name, and the family of each; ``refused`` says why the others
may not. A family, in a module of this package, is a base class with the shape rule; ``arguments`` has the type and the
meaning of each argument by its name. Until a recipe names such a layer nothing but ``base`` and ``lookup`` is imported.
"""
