"""One of the processes that work on an import together; started by `actions.imports.working`, never by hand."""

import os
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from jingwei.registry.actions.imports import work_blocks
from jingwei.registry.models import Import


class Command(BaseCommand):
    help = "(internal) Apply every n-th block of an import."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("import_id", type=UUID)
        parser.add_argument("part", type=int)
        parser.add_argument("parts", type=int)
        parser.add_argument("parent", type=int)

    def handle(self, *, import_id: UUID, part: int, parts: int, parent: int, **options: Any) -> None:
        for _ in work_blocks(Import.objects.get(pk=import_id), part, parts):
            if os.getppid() != parent:  # who started it is gone, and what is left is the next one's
                return
