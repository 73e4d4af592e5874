"""Views of a plan as text and JSON."""
