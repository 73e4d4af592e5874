"""Tests of runner.record."""
