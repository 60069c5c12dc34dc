"""The registry's doors."""

from ninja import Router

from jingwei.registry.api.basemap import router as basemap

router = Router(tags=["registry"])
for part in (basemap,):
    router.add_router("", part)
