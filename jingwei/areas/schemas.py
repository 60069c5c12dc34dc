"""What the area doors take and answer. Geometry is GeoJSON in degrees."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from jingwei.areas.actions import Adopted, Losing
from jingwei.areas.models import Division, Grid, Posting
from jingwei.areas.queries import GridPosts
from jingwei.kit.schemas import In


class DivisionOut(BaseModel):
    code: str
    place: str
    name: str
    level: int
    parent: str | None
    valid_from: date
    valid_to: date | None
    predecessors: list[str]
    schematic: bool


class GridOut(BaseModel):
    code: str
    name: str
    kind: str
    community: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    predecessors: list[str]
    schematic: bool
    crs: str


class GridWhole(GridOut):
    boundary: dict[str, Any]


class AreaName(BaseModel):
    code: str
    name: str
    level: int


class GridName(BaseModel):
    code: str
    kind: str
    name: str


class HereOut(BaseModel):
    """What a point lies in; `grid` is null outside every grid."""

    grid: GridName | None
    divisions: list[AreaName]


class GeometryIn(In):
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: Annotated[list[Any], Field(min_length=1, max_length=1000)]


class GridIn(In):
    code: Annotated[str, Field(pattern=r"^[0-9]{15}$")]
    kind: Literal["basic", "dedicated", "micro"] = "basic"
    name: Annotated[str, Field(min_length=1, max_length=60)]
    geometry: GeometryIn
    parent: Annotated[str, Field(pattern=r"^[0-9]{15}$")] | None = None
    predecessors: Annotated[list[Annotated[str, Field(pattern=r"^[0-9]{15}$")]], Field(max_length=100)] = []


class GridPlanIn(In):
    """A community's whole division into grids from a day on."""

    community: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    valid_from: date
    crs: Literal["EPSG:4326", "EPSG:4490"] = "EPSG:4326"
    schematic: bool = False
    dry_run: bool = False
    grids: Annotated[list[GridIn], Field(min_length=1, max_length=500)]
    post_on: Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(max_length=1000)] = []


class AdoptedOut(BaseModel):
    """What a plan does. `postings` end with their grids."""

    dry_run: bool
    new: list[str]
    ended: list[str]
    renamed: list[str]
    kept: list[str]
    postings: list["LosingOut"]


class PostingIn(In):
    person: Annotated[int, Field(ge=1, lt=2**63)]
    grid: Annotated[str, Field(pattern=r"^[0-9]{15}$")]
    from_date: date
    until: date | None = None
    sole: bool = True


class PostingOut(BaseModel):
    id: int
    person: int
    person_name: str
    grid: str
    grid_name: str
    sole: bool
    from_date: date | None
    until: date | None


class LosingOut(BaseModel):
    """A posting that ends with its grid; `until`: how long it would have run. `successors`: the grids that come from that grid; where there is one,
    `post_on` may name the posting, and its worker goes on there (`moved_to`)."""

    id: int
    person: int
    person_name: str
    grid: str
    grid_name: str
    sole: bool
    until: date | None
    successors: list[str]
    moved_to: str | None


class PostedName(BaseModel):
    name: str
    unit: str | None


class PostsOut(BaseModel):
    """A grid and those who serve it by posting and by role. `lon`, `lat` (WGS-84): where its name stands on a map, nobody's position."""

    code: str
    kind: str
    name: str
    lon: float
    lat: float
    metres: int
    workers: list[PostedName]
    leads: list[PostedName]


def posts_out(grid: GridPosts) -> PostsOut:
    workers, leads = ([PostedName(name=p.name, unit=p.unit) for p in grid.posted if p.role == role] for role in ("worker", "grid_lead"))
    return PostsOut(
        code=grid.code, kind=grid.kind, name=grid.name, lon=round(grid.lon, 6), lat=round(grid.lat, 6), metres=round(grid.metres), workers=workers, leads=leads
    )


def adopted_out(found: Adopted, dry_run: bool) -> AdoptedOut:
    postings = [losing_out(p) for p in found.postings]
    return AdoptedOut(dry_run=dry_run, new=found.new, ended=found.ended, renamed=found.renamed, kept=found.kept, postings=postings)


def losing_out(p: Losing) -> LosingOut:
    return LosingOut(
        id=p.posting.pk,
        person=p.posting.person.pk,
        person_name=p.posting.person.name,
        grid=p.posting.grid_id,
        grid_name=p.posting.grid.name,
        sole=p.posting.sole,
        until=p.until,
        successors=p.successors,
        moved_to=p.moved_to,
    )


def division_out(d: Division) -> DivisionOut:
    return DivisionOut(
        code=d.code,
        place=d.place,
        name=d.name,
        level=d.level,
        parent=d.parent_id,
        valid_from=d.valid_from,
        valid_to=d.valid_to,
        predecessors=d.predecessors,
        schematic=d.schematic,
    )


def grid_out(g: Grid) -> GridOut:
    return GridOut(
        code=g.code,
        name=g.name,
        kind=g.kind,
        community=g.community_id,
        parent=g.parent_id,
        valid_from=g.period.lower,
        valid_to=g.period.upper,
        predecessors=g.predecessors,
        schematic=g.schematic,
        crs=g.crs,
    )


def posting_out(p: Posting) -> PostingOut:
    return PostingOut(
        id=p.pk,
        person=p.person.pk,
        person_name=p.person.name,
        grid=p.grid_id,
        grid_name=p.grid.name,
        sole=p.sole,
        from_date=p.period.lower,
        until=p.period.upper,
    )
