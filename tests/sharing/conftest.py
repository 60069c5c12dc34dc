"""The shipped mappings, small extracts of their sources, and a run of the import without the command around it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

import jingwei.sharing
from jingwei.kit import db as sql
from jingwei.sharing.actions import ImportReport, Refusal, import_cases
from jingwei.sharing.management.reading import mapping_at

MAPPINGS = Path(jingwei.sharing.__file__).parent / "mappings"
EXTRACTS = Path(__file__).parent / "data"
# The real files stand beside the checkout on the developers' machines only.
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@dataclass
class Run:
    """What one import answered, and what it refused."""

    report: ImportReport
    refused: list[Refusal] = field(default_factory=list)


Importer = Callable[..., Run]


@pytest.fixture
def bring() -> Importer:
    """bring(file, mapping name or path, **options)"""

    def run(path: Path, mapping: str | Path, **options: Any) -> Run:
        refused: list[Refusal] = []
        where = MAPPINGS / mapping / "map.toml" if isinstance(mapping, str) else mapping
        report = import_cases(mapping=mapping_at(where), path=path, reject=refused.append, **({"hands": 1} | options))
        return Run(report, refused)

    return run


def prepare(name: str, folder: Path | None = None) -> str:
    """`jingwei import prepare`; answers what it said."""
    said = StringIO()
    sql.run("drop table if exists pg_temp.incoming")  # a test is one transaction: its staging table lives on
    call_command("import_prepare", MAPPINGS / name / "map.toml", folder=folder, stdout=said)
    return said.getvalue()


@pytest.fixture
def pingshan(db: None) -> Path:
    """Everything that Pingshan's mapping needs is there; the extract's path."""
    call_command("load_catalogue", stdout=StringIO())
    prepare("pingshan_2018")
    return EXTRACTS / "pingshan.csv"


@pytest.fixture
def dc_mapping(db: None, tmp_path: Path) -> Path:
    """Washington's mapping without its boundary files: every request lies outside every boundary."""
    call_command("load_catalogue", stdout=StringIO())
    folder = tmp_path / "dc"
    shutil.copytree(MAPPINGS / "dc_2016", folder)
    text = (folder / "map.toml").read_text("utf-8")
    (folder / "map.toml").write_text(text[: text.index("grids_from")], "utf-8")
    call_command("import_prepare", folder / "map.toml", stdout=StringIO())
    return folder / "map.toml"
