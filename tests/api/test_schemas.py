"""The document knows a schema by its name alone: of two classes of one name the later one silently takes the other's place."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import create_model

from jingwei.site.api import api


@pytest.fixture(scope="module")
def document() -> set[str]:
    """The names in the document."""
    return set(api.get_openapi_schema()["components"]["schemas"])


def classes_in(part: Any, seen: set[Any]) -> Iterator[type]:
    """Every class that an annotation leads to, once."""
    for inside in get_args(part):
        yield from classes_in(inside, seen)
    if isinstance(part, type) and part not in seen:
        seen.add(part)
        yield part
        if part.__module__.partition(".")[0] not in ("builtins", "pydantic"):
            for inside in get_type_hints(part, include_extras=True).values():
                yield from classes_in(inside, seen)


def named(*more: Any) -> dict[str, list[str]]:
    """The names of the classes that the doors take and answer, each with where it stands."""
    seen: set[Any] = set()
    found: dict[str, list[str]] = defaultdict(list)
    operations = [operation for _, router in api._routers for view in router.path_operations.values() for operation in view.operations]
    for root in [*(model for one in operations for model in (*one.models, *one.response_models.values())), *more]:
        for one in classes_in(root, seen):
            found[one.__name__].append(one.__module__)
    return found


def doubled(found: dict[str, list[str]], document: set[str]) -> dict[str, list[str]]:
    return {name: where for name, where in found.items() if len(where) > 1 and name in document}


def test_no_two_classes_share_a_name(document: set[str]) -> None:
    found = named()
    assert document <= set(found), "the walk misses some"
    assert doubled(found, document) == {}


def test_a_second_class_of_a_name_is_found(document: set[str]) -> None:
    second = create_model("CaseOut", wrapped=(create_model("UnitIn", x=(int, 1)) | None, None))
    assert set(doubled(named(list[second]), document)) == {"CaseOut", "UnitIn"}
