"""The doors of association."""

from ninja import Router

from jingwei.association.api.panorama import router as panorama
from jingwei.association.api.search import router as search
from jingwei.association.api.tied import router as tied

router = Router(tags=["association"])
for part in (tied, panorama, search):
    router.add_router("", part)
