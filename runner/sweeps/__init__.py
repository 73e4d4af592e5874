"""Sweeps: trials drawn from the ranges of a recipe, each a run, shared by any number of processes.

The journal says which trials there are, the runs' own records say how they stand. Whatever a worker decides is a pure
function of both, so that one that is killed at any moment is replaced by another without a difference.
"""
