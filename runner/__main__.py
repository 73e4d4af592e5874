"""``python -m runner`` is ``recipe``."""

from runner.cli import main

main()
