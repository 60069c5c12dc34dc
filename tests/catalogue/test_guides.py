"""What the guides show is what works."""

import re
import tomllib
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import ROLES
from jingwei.catalogue.management.commands.load_catalogue import SHIPPED
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.clock import Limit
from jingwei.catalogue.rules.process import check, read_process

GUIDES = Path(__file__).resolve().parents[2] / "docs/guides"


def test_add_a_matter(loaded: None, tmp_path: Path) -> None:
    Unit.objects.create(code="YJ", name="应急局", kind="department", path="/1/", area="3101")
    Unit.objects.create(code="FG", name="房管局", kind="department", path="/2/", area="3101")
    shown = re.findall(r"```csv (\w+)\n(.*?)```", (GUIDES / "add-a-matter.md").read_text("utf-8"), re.DOTALL)
    assert [name for name, _ in shown] == ["matters", "conditions", "limits", "dispatch_rules"]
    for name, text in shown:
        path, out = tmp_path / f"{name}.csv", StringIO()
        path.write_text(text, "utf-8")
        call_command(f"load_{name}", str(path), stdout=out)
        assert " 0 拒收" in out.getvalue(), out.getvalue()
    book = catalogue()
    matter = book.matter("20001")
    (condition,) = book.conditions_of(matter)
    assert condition.limit == Limit(1, "urgent_hour")
    assert book.limit("standard", "acknowledged", matter, on=matter.valid_from) == Limit(3, "work_day")


def test_add_a_transition() -> None:
    (shown,) = re.findall(r"```toml move\n(.*?)```", (GUIDES / "add-a-transition.md").read_text("utf-8"), re.DOTALL)
    shown = re.sub(r"^   ", "", shown, flags=re.MULTILINE)
    process = read_process(tomllib.loads((SHIPPED / "processes/standard.toml").read_text("utf-8") + "\n" + shown))
    assert check(process, roles=ROLES) == []
    move = process.move("suspended", "remind")
    assert move and move.name.zh == "催问挂账"
