"""The database of the tests: a PostgreSQL cluster of their own, real PostGIS included, gone when they end."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from jingwei.site.cluster import Cluster
from jingwei.site.env import VAR


def pytest_configure(config: pytest.Config) -> None:
    """Before Django reads its settings, so that DATABASE_URL leads to the throw-away cluster."""
    place = Path(tempfile.mkdtemp(prefix="jingwei-test-"))
    place.chmod(0o755)
    cluster = Cluster(place / "cluster", throw_away=True)

    def remove() -> None:
        cluster.destroy()
        shutil.rmtree(place, ignore_errors=True)

    config.add_cleanup(remove)
    cluster.start()
    os.environ["DATABASE_URL"] = cluster.url
    VAR.mkdir(exist_ok=True)
