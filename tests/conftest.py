"""The same examples in every run; other ones each time when HYPOTHESIS_PROFILE is "random" (`make test-long`)."""

import os

from hypothesis import settings

settings.register_profile("derandomised", derandomize=True, deadline=None)
settings.register_profile("random", derandomize=False, max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "derandomised"))

# The commands that tests start say what they have to say and nothing else, whatever this interpreter was asked to say.
for noise in ("PYTHONDEVMODE", "PYTHONWARNINGS", "PYTHONVERBOSE", "PYTHONTRACEMALLOC", "PYTHONPROFILEIMPORTTIME"):
    os.environ.pop(noise, None)
