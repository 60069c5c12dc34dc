"""City components: lists, one with its history, its classes, and how many of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from jingwei.accounts.rules import Actor
from jingwei.areas.queries import place_names
from jingwei.kit import db
from jingwei.kit.errors import NotFound
from jingwei.kit.ids import district_of
from jingwei.kit.paging import Page, decode_row, encode_cursor
from jingwei.kit.scope import lies_in
from jingwei.kit.words import patterns
from jingwei.registry.models import Component, ComponentClass, ComponentCondition, Organisation


@dataclass(frozen=True)
class ComponentFilter:
    """What a list or a map shows. `klass`: classes, or their two-digit majors; `owner`, `keeper`: the beginning of a name; `q`: words of name,
    code, source's number, address. What was removed is left out unless it is asked for."""

    place: str = ""
    kind: str = ""
    klass: tuple[str, ...] = ()
    edition: str = ""
    state: tuple[str, ...] = ()
    owner: str = ""
    keeper: str = ""
    q: str = ""
    organisation: UUID | None = None


@dataclass(frozen=True)
class ComponentPage:
    """One component with the history of its state (latest first), the names of its place and organisation (None where the actor doesn't see it)."""

    component: Component
    conditions: list[ComponentCondition]
    place_name: str
    organisation: Organisation | None


def filtered(actor: Actor, wanted: ComponentFilter) -> "QuerySet[Component]":
    """The components of a filter that the actor sees."""
    rows: QuerySet[Component] = Component.objects.visible_to(actor)
    if wanted.place:
        rows = rows.filter(place__startswith=wanted.place)
    if wanted.klass or wanted.kind or wanted.edition:
        rows = rows.filter(klass_id__in=_classes(wanted))
    rows = rows.filter(state__in=wanted.state) if wanted.state else rows.exclude(state="removed")
    if wanted.owner:
        rows = rows.filter(owner__startswith=wanted.owner)
    if wanted.keeper:
        rows = rows.filter(keeper__startswith=wanted.keeper)
    if wanted.organisation:
        rows = rows.filter(organisation_id=wanted.organisation)
    for pattern in patterns(wanted.q):
        rows = rows.extra(where=["registry_component.words like %s"], params=[pattern])
    return rows


def _classes(wanted: ComponentFilter) -> Any:
    """The ids of the classes asked for, as a part of the same statement."""
    classes = ComponentClass.objects.all()
    if wanted.klass:
        classes = classes.filter(Q(code__in=wanted.klass) | Q(major__in=[c for c in wanted.klass if len(c) == 2]))
    if wanted.kind:
        classes = classes.filter(kind=wanted.kind)
    if wanted.edition:
        classes = classes.filter(edition=wanted.edition)
    return classes.values("id")


def component_page(*, actor: Actor, wanted: ComponentFilter, after: str | None = None, size: int = 50) -> Page[Component]:
    """The components of a filter by their codes; one statement."""
    rows = filtered(actor, wanted).select_related("klass").order_by("code", "id")
    if after:
        code, id = decode_row(after, str, UUID)
        rows = rows.filter(code__gte=code).exclude(code=code, id__lte=id)
    found = list(rows[: size + 1])
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], encode_cursor([last.code, str(last.id)]) if last else None)


def component_whole(*, actor: Actor, component_id: UUID) -> ComponentPage:
    """One component with everything that its page shows; four statements. Raises NotFound."""
    district = district_of(component_id) or ""
    component = Component.objects.visible_to(actor).select_related("klass").filter(district=district, id=component_id).first()
    if component is None:
        raise NotFound()
    conditions = list(ComponentCondition.objects.filter(district=district, component_id=component_id).order_by("-from_at", "-id")[:200])
    theirs = component.organisation_id
    organisation = Organisation.objects.visible_to(actor).filter(district=district_of(theirs) or "", id=theirs).first() if theirs else None
    return ComponentPage(component, conditions, place_names({component.place}).get(component.place, ""), organisation)


def component_classes(*, actor: Actor) -> list[tuple[ComponentClass, int]]:
    """Every class with the number of its components that the actor sees and that stand; two statements."""
    classes = list(ComponentClass.objects.order_by("edition", "code"))
    areas = list(actor.areas())
    counts = dict(
        db.rows(f"select klass_id, count(*) from registry_component c where c.state <> 'removed' and {lies_in('c.place')} group by klass_id", {"areas": areas})
    )
    return [(klass, counts.get(klass.pk, 0)) for klass in classes]


def component_counts(*, actor: Actor, wanted: ComponentFilter) -> dict[str, int]:
    """How many of a filter's components are in each state; one statement."""
    rows = filtered(actor, wanted).order_by().values_list("state")
    return dict(rows.annotate(n=Count("id")))
