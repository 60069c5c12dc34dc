"""The catalogue's doors. Whoever works here may read it all; system administrators edit it (`actions.loading.begin_edit`)."""

from ninja import Router

from jingwei.catalogue.api.classes import router as classes
from jingwei.catalogue.api.dispatch import router as dispatch
from jingwei.catalogue.api.limits import router as limits
from jingwei.catalogue.api.loads import router as loads
from jingwei.catalogue.api.processes import router as processes
from jingwei.catalogue.api.reading import router as reading
from jingwei.catalogue.api.texts import router as texts

router = Router(tags=["catalogue"])
for part in (processes, reading, classes, limits, loads, texts, dispatch):  # "/processes/registry" is no code of a process: it is looked for first
    router.add_router("", part)
