"""Households of a community and who lives in them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from jingwei.site.generation import numbers, words
from jingwei.site.generation.place import Ground
from jingwei.site.generation.plan import TODAY, Community

Ints = npt.NDArray[np.int64]
HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, SIBLING, OTHER = range(7)
_SIZES = (0.13, 0.20, 0.27, 0.22, 0.11, 0.05, 0.02)  # of one to seven: 3.2 on average
LARGEST = 9
# Who lives in a household of so many: three kinds of each, drawn alike.
_MEMBERS: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((HEAD,), (HEAD,), (HEAD,)),
    2: ((HEAD, SPOUSE), (HEAD, SPOUSE), (HEAD, CHILD)),
    3: ((HEAD, SPOUSE, CHILD), (HEAD, SPOUSE, CHILD), (HEAD, CHILD, PARENT)),
    4: ((HEAD, SPOUSE, CHILD, CHILD), (HEAD, SPOUSE, CHILD, PARENT), (HEAD, SPOUSE, CHILD, CHILD)),
    5: ((HEAD, SPOUSE, CHILD, PARENT, PARENT), (HEAD, SPOUSE, CHILD, CHILD, PARENT), (HEAD, SPOUSE, CHILD, CHILD, SIBLING)),
}
_FORMER = 0.06  # of the people: lived elsewhere in the community before
_TEMPORARY = 0.27  # of the households
DAY = np.timedelta64(1, "D")


@dataclass
class People:
    """Everybody of a community, in columns of equal length."""

    household: Ints  # within the community
    room: Ints  # index into the ground's rooms
    role: Ints
    male: npt.NDArray[np.bool_]
    born: npt.NDArray[Any]
    name: words.Texts
    identity: list[str]
    phone: list[str]
    temporary: npt.NDArray[np.bool_]
    since: npt.NDArray[Any]
    before: Ints  # index of the room of a former residency, -1 for none
    before_since: npt.NDArray[Any]


def _members(size: int, kind: int) -> tuple[int, ...]:
    if size <= 5:
        return _MEMBERS[size][kind]
    return (*_MEMBERS[5][kind], *((PARENT, OTHER, OTHER, OTHER) if kind == 1 else (GRANDCHILD, SIBLING, OTHER, OTHER))[: size - 5])


_ROLES = np.array([[[*_members(s, k), *[-1] * (LARGEST - s)] if s else [-1] * LARGEST for k in range(3)] for s in range(LARGEST + 1)])


def sizes(lot: np.random.Generator, households: int, people: int) -> Ints:
    """How many live in each household; together they are `people`."""
    if not households <= people <= households * LARGEST:
        raise ValueError(f"{people} people do not fit into {households} households")
    found = lot.choice(np.arange(1, 8), size=households, p=_SIZES)
    while difference := people - int(found.sum()):
        step = 1 if difference > 0 else -1
        able = np.flatnonzero((found < LARGEST) if step > 0 else (found > 1))
        found[lot.choice(able, size=min(abs(difference), len(able)), replace=False)] += step
    return found


def inhabit(lot: np.random.Generator, community: Community, ground: Ground) -> People:
    """The households move into the dwellings, one each while there are enough."""
    size = sizes(lot, community.households, community.people)
    roles = _ROLES[size, lot.integers(0, 3, len(size))]
    household = np.repeat(np.arange(len(size)), size)
    role = roles[roles >= 0]
    first = np.concatenate(([0], np.cumsum(size)[:-1]))  # where each household's head stands
    n = len(role)

    young = (roles == PARENT).any(axis=1) | (roles == CHILD).any(axis=1)
    old = (roles == GRANDCHILD).any(axis=1)
    head_age = np.where(young, lot.normal(42, 8, len(size)), lot.normal(48, 17, len(size))).clip(22, 92)
    head_age = np.where(old, lot.uniform(48, 62, len(size)), head_age)
    between = lot.random(n)
    apart = np.choose(role, [0 * between, 8 * between - 5, -22 - 14 * between, 21 + 12 * between, -44 - 14 * between, 14 * between - 7, 30 * between - 15])
    age = (head_age[household] + apart).clip(0, 102)
    age = np.where((role == SPOUSE) | (role == OTHER), age.clip(20, None), age)
    days = (age * 365.2425).astype(np.int64)
    born = np.datetime64(TODAY) - days - lot.integers(1, 300, n)

    head_male = lot.random(len(size)) < 0.62
    chance = lot.random(n)
    second = np.concatenate(([False], (role[1:] == PARENT) & (role[:-1] == PARENT)))  # after the father comes the mother
    male = np.where(role == HEAD, head_male[household], np.where(role == SPOUSE, ~head_male[household], chance < 0.515))
    male = np.where(role == PARENT, np.where(second, False, chance < 0.5), male)
    with_mother = np.concatenate((second[1:], [False]))
    male = np.where(with_mother, True, male)

    own = words.surnames(lot, n)
    head_surname = own[first]
    spouse_at = np.where((np.append(role, -1)[np.minimum(first + 1, n)]) == SPOUSE, np.minimum(first + 1, n - 1), first)
    family = np.where(head_male, head_surname, own[spouse_at])  # children have the father's
    surname = np.where((role == CHILD) | (role == GRANDCHILD), family[household], own)
    surname = np.where((role == SIBLING) | ((role == PARENT) & male), head_surname[household], surname)

    temporary = lot.random(len(size)) < _TEMPORARY
    moved = np.where(temporary, lot.integers(10, 2500, len(size)), lot.integers(30, 12_000, len(size)))
    since = np.maximum((np.datetime64(TODAY) - moved)[household], born)
    long_enough = (since - born).astype(np.int64) > 800
    moved_before = long_enough & (lot.random(n) < _FORMER)
    elsewhere = ground.dwellings[lot.integers(0, len(ground.dwellings), n)]
    before_since = np.maximum(since - lot.integers(200, 4000, n), born)

    room = ground.dwellings[lot.permutation(len(ground.dwellings))[np.arange(len(size)) % len(ground.dwellings)]][household]
    return People(
        household=household,
        room=room,
        role=role,
        male=male,
        born=born,
        name=words.full_names(lot, surname, male),
        identity=numbers.identities(community.region, born, male),
        phone=numbers.phones(lot, (age >= 12) & (lot.random(n) < 0.92)),
        temporary=temporary[household],
        since=since,
        before=np.where(moved_before, elsewhere, -1),
        before_since=before_since,
    )
