"""Plan → Keras objects, one function a concept. Only this room and the engine import TensorFlow."""
