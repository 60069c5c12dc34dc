"""The registry's doors."""

from ninja import Router

from jingwei.registry.api.addresses import router as addresses
from jingwei.registry.api.basemap import router as basemap
from jingwei.registry.api.components import router as components
from jingwei.registry.api.exports import router as exports
from jingwei.registry.api.fields import router as fields
from jingwei.registry.api.imports import router as imports
from jingwei.registry.api.organisations import router as organisations
from jingwei.registry.api.plates import router as plates
from jingwei.registry.api.pledges import router as pledges
from jingwei.registry.api.residents import router as residents
from jingwei.registry.api.rooms import router as rooms
from jingwei.registry.api.statistics import router as statistics

router = Router(tags=["registry"])
for part in (basemap, addresses, fields, components, organisations, pledges, residents, rooms, plates, statistics, imports, exports):
    router.add_router("", part)
