"""`jingwei address_basemap`: the house numbers of the base map as standard addresses."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.registry.actions import address_base_map


class Command(BaseCommand):
    help = "Enter every house number of the base map into the tree of standard addresses; may be repeated."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{address_base_map(actor=SYSTEM, at=timezone.now())} house numbers have a standard address")
