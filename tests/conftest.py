"""The database of the tests: a PostgreSQL cluster of their own, real PostGIS included, gone when they end."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from jingwei.site.cluster import Cluster
from tests.settings import CLUSTER, PLACE

# The same examples on every machine, and no clock: a law that fails once fails again. JINGWEI_EXPLORE=1 draws others.
settings.register_profile("jingwei", deadline=None, derandomize=not os.environ.get("JINGWEI_EXPLORE"))
settings.load_profile("jingwei")

pytest_plugins = ["tests.world"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """pytest-django asks for this before it makes the test database: the cluster starts only where a test needs one."""
    _remove_left_over()
    PLACE.mkdir(mode=0o755)
    CLUSTER.start()
    yield
    CLUSTER.destroy()
    shutil.rmtree(PLACE, ignore_errors=True)


def _remove_left_over() -> None:
    """Clusters of test runs that were killed."""
    for place in PLACE.parent.glob("jingwei-test-*"):
        pid = place.name.rpartition("-")[2]
        if pid.isdigit() and not Path("/proc", pid).exists():
            Cluster(place / "cluster", throw_away=True).destroy()
            shutil.rmtree(place, ignore_errors=True)
