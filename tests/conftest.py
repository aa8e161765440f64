"""How Hypothesis runs here: without deadlines (the machine is shared) and, in CI, with the same examples each time."""

import os

from hypothesis import settings

settings.register_profile("shared machine", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "shared machine")
