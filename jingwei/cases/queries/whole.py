"""One case with everything that a person needs to decide about it, in a constant number of statements."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from django.utils.timezone import now

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import Actor
from jingwei.areas.queries import Posted, posted_at
from jingwei.cases.models import Assignment, Case, File, Reporter, Step
from jingwei.cases.queries.around import AtThisPlace, cases_here
from jingwei.cases.queries.rows import called_of, situation
from jingwei.cases.rules.moves import Situation, may_locate, may_unmask, permitted
from jingwei.catalogue.queries import Catalogue, catalogue
from jingwei.catalogue.rules.dispatch import DispatchAnswer
from jingwei.catalogue.rules.process import Transition
from jingwei.events.models import Event
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.text import T
from jingwei.kit.times import localdate
from jingwei.registry.queries import BuildingAt, building_at

Shows = Literal["before", "after"]
_TROUBLE = ("", "open", "confirm", "summon", "arrive")  # what came with these moves shows the trouble, the rest what was done about it


@dataclass
class WholeCase:
    """A case, its history and what may happen next."""

    case: Case
    book: Catalogue
    moves: list[Transition]
    may_locate: bool
    may_unmask: bool
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    reporters: list[Reporter] = field(default_factory=list)
    merged: list[Case] = field(default_factory=list)
    into: Case | None = None
    building: BuildingAt | None = None
    posts: list[Posted] = field(default_factory=list)
    here: AtThisPlace = field(default_factory=lambda: AtThisPlace(0, []))

    def shown(self) -> Iterator[tuple[File, Shows]]:
        """The files, and what each shows. Where the very report may be sent to rework it says that the trouble is gone (即采即办): its first
        picture is the trouble, the others what was done."""
        process, seen = self.book.process_version(self.case.process_id), False
        mended = process.move(process.start.code, "rework") is not None
        for file in self.files:
            yield file, "before" if file.move in _TROUBLE and not (mended and seen) else "after"
            seen = seen or file.width is not None

    @property
    def why_unit(self) -> T | None:
        """The reason given when the case was last dispatched."""
        for event in reversed(self.events):
            if why := event.data.get("why"):
                return T(why["zh"], why["en"])
        return None


def one_case(*, actor: Actor, case_id: UUID) -> Case:
    """The case, if the actor may see it. Raises NotFound either way."""
    district = district_of(case_id)
    case = district and Case.objects.visible_to(actor).filter(district=district, id=case_id).select_related("unit", "grid").defer("grid__boundary").first()
    if not case:
        raise NotFound(T("没有这个案件", "no such case"))
    return case


def whole_case(*, actor: Actor, case_id: UUID, case: Case | None = None) -> WholeCase:
    """The case with its history. `case` saves reading the row again after an action. Raises NotFound."""
    book = catalogue()
    case = case or one_case(actor=actor, case_id=case_id)
    here = {"district": case.district, "case_id": case.id}
    assignments = list(Assignment.objects.filter(**here).select_related("unit", "arrived_by").order_by("assigned_at", "id"))
    files = list(File.objects.filter(**here).order_by("uploaded_at", "id"))
    at = now()
    building = building_at(case.point.x, case.point.y, localdate(at)) if case.point else None
    return WholeCase(
        case=case,
        book=book,
        moves=permitted(_situation(case, book, assignments, files), actor),
        may_locate=may_locate(actor, case.place, book.process_version(case.process_id).states[case.state].kind),
        may_unmask=may_unmask(actor, case.place),
        steps=list(Step.objects.filter(**here).select_related("unit").order_by("entered_at", "id")),
        events=list(Event.objects.of(case.id, case.district)),
        files=files,
        assignments=assignments,
        reporters=list(Reporter.objects.filter(**here).order_by("reported_at", "id")),
        merged=list(Case.objects.visible_to(actor).filter(merged_into=case.id).order_by("opened_at")),
        into=Case.objects.visible_to(actor).filter(district=district_of(case.merged_into), id=case.merged_into).first() if case.merged_into else None,
        building=building,
        posts=posted_at(case.grid_id, localdate(at)) if case.grid_id else [],
        here=cases_here(actor=actor, case=case, footprint=building.footprint if building else None, at=at),
    )


def _situation(case: Case, book: Catalogue, assignments: list[Assignment], files: list[File]) -> Situation:
    return situation(
        case,
        book,
        holder_path=case.unit.path if case.unit else None,
        photographed=any(f.mime.startswith("image/") for f in files),
        assisting=tuple(a.unit.path for a in assignments if a.part == "assist" and a.done_at is None and a.ended_at is None),
        called=called_of(assignments),
    )


def dispatch_advice(*, actor: Actor, case_id: UUID) -> tuple[DispatchAnswer, Unit | None]:
    """What the dispatch rules propose for a case and why, and the unit that they name."""
    case, book = one_case(actor=actor, case_id=case_id), catalogue()
    advice = book.dispatch(book.matter_by_id(case.matter_id), case.place, now(), case.source)
    return advice, Unit.objects.filter(pk=advice.unit_id).first() if advice.unit_id else None


def file_of(*, actor: Actor, file_id: UUID) -> File:
    """A file that the actor may see. Raises NotFound."""
    district = district_of(file_id)
    file = district and File.objects.visible_to(actor).filter(district=district, id=file_id).first()
    if not file:
        raise NotFound(T("没有这个文件", "no such file"))
    return file
