"""Settings for all tests: the same examples every time, and many more of them with `--hypothesis-profile fuzz`."""

import os

from hypothesis import HealthCheck, settings

os.environ["INSPECTOR_MEMO"] = "off"

settings.register_profile("same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", deadline=None, max_examples=3000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("same")
