"""Write openapi.json from the code; with --check, fail when the committed file says something else."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jingwei.site.env import ROOT


class Command(BaseCommand):
    help = "Write openapi.json (--check: fail on drift)"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        from jingwei.site.api import api

        text = json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), ensure_ascii=False, indent=1) + "\n"
        path = ROOT / "openapi.json"
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("openapi.json is not what the code says: run `jingwei export_openapi`, then `npm run types` in web/")
