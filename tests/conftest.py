"""The same examples in every run; other ones each time when HYPOTHESIS_PROFILE is "random" (`make test-long`).

The fixtures of databases and of storage are known here alone, so that a process has one server of each.
"""

import atexit
import os
import shutil
import tempfile

from hypothesis import HealthCheck, settings

from tests.batches.engines.own_queues import rabbitmq, redis
from tests.storage.databases import database, empty_url, postgres, url
from tests.storage.own_s3 import bucket, s3_server

__all__ = ["bucket", "database", "empty_url", "postgres", "rabbitmq", "redis", "s3_server", "url"]

HOWEVER_SLOW = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("derandomised", derandomize=True, **HOWEVER_SLOW)
settings.register_profile("random", derandomize=False, max_examples=500, **HOWEVER_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "derandomised"))

# The commands that tests start say what they have to say and nothing else, whatever this interpreter was asked to say.
for noise in ("PYTHONDEVMODE", "PYTHONWARNINGS", "PYTHONVERBOSE", "PYTHONTRACEMALLOC", "PYTHONPROFILEIMPORTTIME"):
    os.environ.pop(noise, None)

# No test looks at what this user's own service remembers.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="attendance-letters-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_DATA_HOME"], ignore_errors=True)
