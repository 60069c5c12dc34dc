"""The ground of a community: its grids, roads, estates, buildings and their rooms."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jingwei.site.generation import words
from jingwei.site.generation.plan import ACROSS, GRID_LAT, GRID_LON, UP, Community

Ints = npt.NDArray[np.int64]
METRE_LAT = 1 / 111_195
VILLAGE, SLABS, TOWERS, STREET = range(4)  # kinds of estates: own houses, six-storeyed blocks, high-rises, a street front of shops and offices
_KINDS = (0.55, 0.25, 0.10, 0.10)
ESTATES = 8  # of 2 × 2 grids each
SLOTS = (4, 3)  # buildings of a grid stand in rows


@dataclass
class Ground:
    """Buildings and rooms of a community. A room's `building` is an index into the buildings."""

    address: list[str]
    name: list[str]
    floors: Ints
    below: Ints
    units: Ints
    use: list[str]
    height: npt.NDArray[np.float64]
    built: Ints
    rings: list[list[list[float]]]
    building: Ints
    unit: Ints  # 0: the building has no units
    floor: Ints
    number: Ints
    room_use: list[str]
    tenure: list[str]
    area: npt.NDArray[np.float64]
    dwellings: Ints  # the rooms in which people live
    room_address: list[str]


def envelope(community: Community) -> list[list[float]]:
    """The community's boundary, a rectangle."""
    return box(*community.corner, ACROSS * GRID_LON, UP * GRID_LAT)


def box(west: float, south: float, width: float, height: float) -> list[list[float]]:
    """A closed ring of five positions in degrees."""
    w, s, e, n = (round(v, 7) for v in (west, south, west + width, south + height))
    return [[w, s], [e, s], [e, n], [w, n], [w, s]]


def grids(community: Community) -> list[tuple[str, str, list[list[float]]]]:
    """Code, name and ring of each grid, numbered from west to east, north to south."""
    west, south = community.corner
    found = []
    for row in range(UP):
        for column in range(ACROSS):
            n = row * ACROSS + column + 1
            ring = box(west + column * GRID_LON, south + (UP - 1 - row) * GRID_LAT, GRID_LON, GRID_LAT)
            found.append((f"{community.code}{n:03d}", f"{community.name.removesuffix('社区')}{n:02d}网格", ring))
    return found


def build(lot: np.random.Generator, community: Community) -> Ground:
    """Eight estates along four roads; their buildings in rows, with as many floors, units and rooms as their kind has."""
    n = community.buildings
    spread = np.arange(n) * ACROSS * UP // max(n, 1)  # the grid of each, evenly
    column, row = spread % ACROSS, spread // ACROSS
    estate = row // 2 * (ACROSS // 2) + column // 2
    kind_of = lot.choice(4, size=ESTATES, p=_KINDS)
    kind = kind_of[estate]
    chance = lot.random(n)
    beside = ((kind == SLABS) & (chance > 0.36)) | ((kind == TOWERS) & (chance > 0.12))  # sheds, pump rooms, garages
    lived = ~beside & (kind != STREET)

    floors = np.select(
        [beside, kind == VILLAGE, kind == SLABS, kind == TOWERS],
        [1, lot.integers(2, 7, n), lot.integers(5, 8, n), lot.integers(15, 34, n)],
        lot.integers(1, 13, n),
    )
    units = np.select([beside | (kind == VILLAGE) | (kind == STREET), kind == SLABS], [0, lot.integers(2, 5, n)], lot.integers(1, 3, n))
    a_floor = np.select([beside, kind == VILLAGE, kind == SLABS, kind == TOWERS], [0, lot.integers(1, 4, n), 2, 4], lot.integers(1, 5, n))
    below = np.where((kind == TOWERS) & ~beside, lot.integers(1, 3, n), 0)

    address, name = _addresses(community, estate, kind)
    width = np.select([beside, kind == VILLAGE, kind == STREET], [5 + 4 * chance, 9 + 4 * chance, 17.0], 14 + 3 * chance)
    depth = np.select([beside, kind == VILLAGE], [4 + 3 * chance, 8 + 3 * chance], 11 + 3 * chance)
    rings = _footprints(lot, community, spread, width, depth)

    rooms_of = floors * np.maximum(units, 1) * a_floor
    building = np.repeat(np.arange(n), rooms_of)
    within = np.arange(len(building)) - np.repeat(np.cumsum(rooms_of) - rooms_of, rooms_of)
    per_unit = (floors * a_floor)[building]
    unit = np.where(units[building] > 0, within // np.maximum(per_unit, 1) + 1, 0)
    floor = within % np.maximum(per_unit, 1) // np.maximum(a_floor[building], 1) + 1
    number = floor * 100 + within % np.maximum(a_floor[building], 1) + 1
    shop = ~lived[building] & (floor == 1) | (kind[building] == VILLAGE) & (floor == 1) & (lot.random(len(building)) < 0.12)
    office = (kind[building] == STREET) & ~shop
    home = ~shop & ~office
    tenures = np.array(["owner_occupied", "rented", "vacant"], dtype=object)
    return Ground(
        address=address,
        name=name,
        floors=floors,
        below=below,
        units=units,
        use=np.select([beside, kind == STREET], ["other", "office"], "residence").tolist(),
        height=np.round(floors * 3.0 + np.where(kind == STREET, 1.5, 0.6), 1),
        built=lot.integers(1978, 2026, n),
        rings=rings,
        building=building,
        unit=unit,
        floor=floor,
        number=number,
        room_use=np.select([shop, office], ["shop", "office"], "residence").tolist(),
        tenure=tenures[lot.choice(3, size=len(building), p=(0.5, 0.35, 0.15))].tolist(),
        area=np.round(np.where(home, lot.normal(78, 24, len(building)), lot.normal(120, 60, len(building))).clip(18, 600), 2),
        dwellings=np.flatnonzero(home),
        room_address=[f"{address[b]}{f'{u}单元' if u else ''}{d}室" for b, u, d in zip(building.tolist(), unit.tolist(), number.tolist(), strict=True)],
    )


def _addresses(community: Community, estate: Ints, kind: Ints) -> tuple[list[str], list[str]]:
    """Whole addresses and names. Houses of a village and of a street front have a number each; the blocks of an estate share its gate's."""
    next_number = [0] * (ESTATES // 2)
    gates: dict[int, int] = {}
    blocks = [0] * ESTATES
    address, name = [], []
    for e, k in zip(estate.tolist(), kind.tolist(), strict=True):
        side = e // 2
        road = words.road_name(community.number * 4 + side)
        if k in (VILLAGE, STREET):
            next_number[side] += 1
            address.append(f"{words.CITY}{community.address}{road}{next_number[side]}号")
            name.append("")
        else:
            if e not in gates:
                next_number[side] += 1
                gates[e] = next_number[side]
            blocks[e] += 1
            called = words.estate_name(community.number * ESTATES + e)
            address.append(f"{words.CITY}{community.address}{road}{gates[e]}号{called}{blocks[e]}栋")
            name.append(f"{called}{blocks[e]}栋")
    return address, name


def _footprints(lot: np.random.Generator, community: Community, spread: Ints, width: npt.NDArray[Any], depth: npt.NDArray[Any]) -> list[list[list[float]]]:
    """A rectangle in the next free slot of its grid, a little askew, so that none touches another."""
    west, south = community.corner
    first = np.searchsorted(spread, spread)
    slot = np.arange(len(spread)) - first
    across = np.maximum(SLOTS[0], np.ceil((np.bincount(spread, minlength=ACROSS * UP)[spread]) / SLOTS[1])).astype(np.int64)
    metre_lon = METRE_LAT / math.cos(math.radians(south))
    x = west + (spread % ACROSS + (slot % across + 0.5) / across) * GRID_LON
    y = south + (UP - 1 - spread // ACROSS + (slot // across + 0.5) / SLOTS[1]) * GRID_LAT
    turn = lot.uniform(-0.06, 0.06, len(spread))
    half = width * np.minimum(1, SLOTS[0] / across) / 2
    corners = []
    for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)):
        dx, dy = sx * half, sy * depth / 2
        corners.append(
            np.round(np.stack([x + (dx * np.cos(turn) - dy * np.sin(turn)) * metre_lon, y + (dx * np.sin(turn) + dy * np.cos(turn)) * METRE_LAT], 1), 7)
        )
    rings: list[list[list[float]]] = np.stack(corners, 1).tolist()
    return rings
