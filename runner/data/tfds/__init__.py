"""Datasets of tensorflow-datasets: prepared on this machine, or downloaded."""
