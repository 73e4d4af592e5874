"""Tests of runner.sinks."""
