"""Settings for all tests."""

from hypothesis import HealthCheck, settings

# Tests make no claims about time; the machine may be busy. The same code is given the same examples.
settings.register_profile(
    "mesh", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("mesh")
