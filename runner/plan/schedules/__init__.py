"""How each kind of schedule becomes curves and phases; ``runner.plan.schedule`` is the way in.

Invariants: a body (``Body``) counts its own steps from 0, after any warm-up, and knows nothing of it but the
offset of the epochs; its phases partition its steps; paths are keys inside the schedule; the learning rate of
a phase is read from the same curve that trains.
"""
