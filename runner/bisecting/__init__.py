"""Which of the fields in which two recipes differ is why their results differ: found by training recipes between them.

The runs in the folder are the only state. What is trained next is a pure function of their results, so that a search
that was killed goes on.
"""
