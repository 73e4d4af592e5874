"""Writes out blocks, residuals and branches as the layers that they stand for, before a recipe is checked."""
