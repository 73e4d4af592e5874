"""What all tests share."""

import os

from hypothesis import settings

os.environ.pop("GITHUB_ACTIONS", None)  # there the program writes annotations as well; tests that want them set it
settings.register_profile("untimed", deadline=None)  # a busy machine is no fault
settings.load_profile("untimed")
