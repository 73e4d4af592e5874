"""What all tests share."""

import os

os.environ.pop("GITHUB_ACTIONS", None)  # there the program writes annotations as well; tests that want them set it
