"""How each kind's lines are written: a block of them in few statements."""

from collections.abc import Callable, Sequence

from jingwei.registry.actions.imports.job import Job, Outcome, Said
from jingwei.registry.actions.imports.writing.addresses import write_addresses
from jingwei.registry.actions.imports.writing.buildings import write_buildings
from jingwei.registry.actions.imports.writing.components import write_components
from jingwei.registry.actions.imports.writing.organisations import write_organisations
from jingwei.registry.actions.imports.writing.pledges import write_pledges
from jingwei.registry.actions.imports.writing.residents import write_residents
from jingwei.registry.actions.imports.writing.rooms import write_rooms

Write = Callable[[Job, Sequence[Said], Outcome], None]
WRITERS: dict[str, Write] = {
    "addresses": write_addresses,
    "buildings": write_buildings,
    "rooms": write_rooms,
    "residents": write_residents,
    "organisations": write_organisations,
    "components": write_components,
    "pledges": write_pledges,
}
