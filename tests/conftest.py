"""The same examples in every run; other ones each time when HYPOTHESIS_PROFILE is "random" (`make test-long`)."""

import os

from hypothesis import HealthCheck, settings

HOWEVER_SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("derandomised", derandomize=True, **HOWEVER_SLOW)
settings.register_profile("random", derandomize=False, max_examples=500, **HOWEVER_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "derandomised"))

# The commands that tests start say what they have to say and nothing else, whatever this interpreter was asked to say.
for noise in ("PYTHONDEVMODE", "PYTHONWARNINGS", "PYTHONVERBOSE", "PYTHONTRACEMALLOC", "PYTHONPROFILEIMPORTTIME"):
    os.environ.pop(noise, None)
