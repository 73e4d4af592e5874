"""Tests of the metrics of whole splits."""
