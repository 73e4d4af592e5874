"""Looking back on runs: what is in a folder of them, what one came to, and what differs between several.

A run's files may have come from anybody: they are read with limits, held to their types, and shown as plain text.
"""
