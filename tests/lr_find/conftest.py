"""TensorFlow and small problems, as in the tests of the engine."""

from tests.engine.conftest import problem, tensorflow

__all__ = ["problem", "tensorflow"]
