"""Tests of ``recipe inspect``."""
