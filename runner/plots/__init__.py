"""Plots of plans: with matplotlib (imported when a plot is drawn), and as text for terminals.

A plot is made from samples of the curves that train (``samples``); nothing here computes a learning rate.
"""
