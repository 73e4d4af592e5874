"""Tests of the curves."""
