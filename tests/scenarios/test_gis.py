"""A GIS opens /ogc: GDAL's own driver reads the running program over HTTP, with a token, page by page."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.timezone import now

from jingwei.registry.models import Component
from tests.ground import build_ground
from tests.scenarios.serving import Served
from tests.world import World, machine_like

pytestmark = pytest.mark.django_db(transaction=True)

# In a process of its own: GDAL reads its settings from the environment when it starts, as ogrinfo does.
READ = """
import django
from django.conf import settings
settings.configure(); django.setup()
from django.contrib.gis.gdal import DataSource
import sys
from django.contrib.gis.gdal.error import GDALException
def kind(feature):
    try:
        return feature.geom.geom_type.name
    except GDALException:  # a division without a boundary
        return ""
source = DataSource("OAPIF:" + sys.argv[1])
for layer in source:
    kinds = [kind(f) for f in layer]
    print(layer.name, len(kinds), layer.srs.srid if layer.srs else "", *sorted(set(kinds)), sep="|")
"""


def read(address: str, token: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GDAL_HTTP_HEADERS": f"Authorization: Bearer {token}", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    return subprocess.run([sys.executable, "-c", READ, address], env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_gdal_reads_the_collections(standing_world: World, tmp_path: Path) -> None:
    ground = build_ground()
    for number in range(250):  # more than two pages
        copy = Component.objects.get(id=ground.lamp.id)
        copy.id, copy.code = type(ground.lamp.id)(int=ground.lamp.id.int + number + 1), f"31010101017{number + 100:06d}"
        copy.save(force_insert=True)
    _, token = machine_like(standing_world.people["street_operator"], at=now())
    with Served(tmp_path) as served:
        found = read(f"http://127.0.0.1:{served.port}/ogc", token)
        refused = read(f"http://127.0.0.1:{served.port}/ogc", "nonsense")
    assert found.returncode == 0, found.stderr
    layers = {line.split("|")[0]: line.split("|")[1:] for line in found.stdout.splitlines()}
    assert set(layers) == {"divisions", "grids", "buildings", "addresses", "roads", "landmarks", "land", "components", "organisations"}
    assert layers["components"][0] == "253" and layers["grids"][0] == "3" and layers["divisions"][0] == "9" and layers["organisations"][0] == "1"
    assert "Point" in layers["components"] and layers["organisations"][1] in ("4326", "")
    assert refused.returncode != 0
