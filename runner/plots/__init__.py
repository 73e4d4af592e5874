"""Pictures of plans: for paper and screen by matplotlib (imported when a picture is drawn), for terminals by text.

A picture is made from samples of the functions that train (``samples``); nothing here computes a learning rate.
"""
