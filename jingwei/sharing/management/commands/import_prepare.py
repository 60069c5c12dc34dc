"""`jingwei import prepare MAP.toml [--from FOLDER]`: the divisions, boundaries, grids, units and matters that a mapping needs."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.sharing.actions import prepare_units
from jingwei.sharing.management.reading import mapping_at, told


class Command(BaseCommand):
    help = "为一份对照准备区划、边界、网格、单位、事项 what a mapping's cases need; again changes nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("mapping", type=Path)
        parser.add_argument("--from", dest="folder", type=Path, help="边界文件所在的文件夹 where the source's boundary files are (beside the mapping)")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["mapping"]
        mapping, beside, folder = mapping_at(path), path.parent, options["folder"] or path.parent
        wanted = mapping.prepare
        # `--from` is asked for before anything is written.
        for boundary in wanted.get("boundaries", ()):
            if not (folder / boundary["file"]).is_file():
                raise CommandError(f"{folder / boundary['file']}: 没有这个文件，请用 --from 指明文件夹 / no such file; name its folder with --from")
        told_to: dict[str, Any] = {"stdout": self.stdout, "stderr": self.stderr}
        if "divisions" in wanted:
            rejects = Path(f"{mapping.name}.divisions.rejects.csv")
            call_command("load_divisions", beside / wanted["divisions"], rejects=rejects, **told_to)
            if len(rejects.read_text("utf-8").splitlines()) == 1:  # nothing but the header
                rejects.unlink()
        for boundary in wanted.get("boundaries", ()):
            call_command("load_boundaries", folder / boundary["file"], property=boundary["property"], mapping=beside / boundary["table"], **told_to)
        if "grids_from" in wanted:
            call_command("load_grids", "--whole", mapping.area, "--valid-from", wanted["grids_from"], **told_to)
        if "units" in wanted:
            try:
                done = prepare_units(actor=SYSTEM, at=now(), text=(beside / wanted["units"]).read_text("utf-8-sig"))
            except OSError as error:
                raise CommandError(f"{wanted['units']}: {error.strerror}") from None
            except Problem as problem:
                raise CommandError(f"{wanted['units']}: {told(problem)}") from None
            self.stdout.write(f"{wanted['units']}: {done.opened} 个单位新设 units opened, {done.there} 个已有 there already")
        if "matters" in wanted:
            call_command("load_matters", beside / wanted["matters"], rejects=Path(f"{mapping.name}.matters.rejects.csv"), **told_to)
