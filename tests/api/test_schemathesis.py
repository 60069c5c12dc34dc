"""schemathesis against the served API: whatever the schema allows, and much that it does not, is answered without a 5xx."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.utils.timezone import now
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from jingwei.accounts.actions import grant_role, issue_token, register_person
from jingwei.accounts.models import Grant, Person
from jingwei.accounts.rules import ADMINISTRATORS, ROLES, SYSTEM
from jingwei.cases.actions import open_case
from jingwei.cases.models import Case
from jingwei.site.api import api
from tests.cases.conftest import report
from tests.scenarios.serving import Served
from tests.world import START, World

EXAMPLES = 20  # each operation, generated valid and invalid


def says_what_it_is(ctx: Any, response: Any, case: Any) -> bool | None:
    """Content types: as documented where it went well, a problem document where not."""
    if response.status_code < 400:
        return content_type_conformance(ctx, response, case)
    found = response.headers["content-type"]
    assert found == ["application/problem+json; charset=utf-8"], found
    return None


CHECKS = [not_a_server_error, says_what_it_is]


def aim(case: Any, example: int) -> None:
    """Every second example is about something that exists: a made-up id would be met by 404 alone."""
    target = Case.objects.order_by("opened_at", "id")[example % 3]
    known = {"case_id": str(target.id), "person_id": Person.objects.order_by("-pk")[0].pk, "move": ("accept", "remind", "suspend", "resume")[example % 4]}
    if example % 2:
        case.path_parameters = {name: known.get(name, value) for name, value in (case.path_parameters or {}).items()}
        if isinstance(case.body, dict) and "seen_version" in case.body:
            case.body["seen_version"] = target.version


@pytest.fixture
def served(standing_world: World, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Address and token of a machine with every role but two; also one that no machine may hold in earnest, so that those doors are tried too."""
    person = register_person(actor=SYSTEM, at=now(), username="tester", name="测试员", password=None, area="31", is_machine=True)
    token = issue_token(actor=SYSTEM, at=now(), person=person, name="x")[1]
    for role in set(ROLES) - set(ADMINISTRATORS):
        grant_role(actor=SYSTEM, at=now(), person=person, role=role, area="31", unit=standing_world.units["centre"], from_date=START)
    Grant.objects.create(person=person, role="system_admin", area="31", unit=standing_world.units["centre"], period=(START, None))
    for i in range(3):
        open_case(actor=standing_world.actor("acceptor"), at=now(), new=report(text=f"第 {i} 件"))
    with Served(tmp_path) as server:
        yield f"http://127.0.0.1:{server.port}", token


@pytest.mark.django_db(transaction=True)
def test_no_answer_is_a_5xx(served: tuple[str, str]) -> None:
    address, token = served
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.config.update(base_url=address)
    schema.config.seed = 20261116
    failures: list[str] = []
    asked = {"n": 0}
    operations = [o.ok() for o in schema.exclude(path="/api/v1/live").get_all_operations()]  # it does not end; tests/site/test_live.py
    assert len(operations) > 40
    for operation in operations:
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            try:
                strategy = operation.as_strategy(generation_mode=mode)
            except Exception as error:  # noqa: BLE001 - an operation without parameters has nothing negative
                assert "negative" in str(error).lower(), error
                continue

            @hypothesis.settings(
                max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
            )
            @hypothesis.given(case=strategy)
            def ask(case: Any) -> None:
                if case.operation.label in ("DELETE /api/v1/tokens/{token_id}",):
                    return  # it might take our own
                asked["n"] += 1
                aim(case, asked["n"])
                response = case.call(headers={"Authorization": f"Bearer {token}"})
                try:
                    case.validate_response(response, checks=[*CHECKS, status_code_conformance])
                except AssertionError as error:
                    failures.append(f"{case.operation.label}: {response.status_code} {case.as_curl_command()[:300]}\n{str(error)[:300]}")
                except schemathesis.errors.FailureGroup as group:
                    failures.append(f"{case.operation.label}: {response.status_code} {case.as_curl_command()[:300]}\n{group}")

            try:
                ask()
            except hypothesis.errors.Unsatisfiable:
                continue
    assert asked["n"] > 500
    assert not failures, f"{len(failures)} failures\n" + "\n\n".join(failures[:10])
