"""`jingwei give codes PLACE`: every building there that has no code gets one, as *Give codes here* does on the desk."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.codes import is_place
from jingwei.kit.errors import Problem
from jingwei.registry.actions import register_buildings


class Command(BaseCommand):
    help = "登记一处的全部楼栋，按编码规则赋码 register the buildings of a place: a code for each by the rule in force; again only those that are new"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("place", help="区划或网格代码的前几位 the beginning of a code: 2, 4, 6, 9, 12 or 15 digits")

    def handle(self, *, place: str, **options: Any) -> None:
        if not is_place(place):
            raise CommandError("地点为 2、4、6、9、12 或 15 位数字 / a place has 2, 4, 6, 9, 12 or 15 digits")
        began = time.perf_counter()
        try:
            done = register_buildings(actor=SYSTEM, at=timezone.now(), place=place)
        except Problem as problem:
            raise CommandError(problem.message.en) from None
        self.stdout.write(f"{done.coded} 栋赋码 coded, {done.refused} 栋未赋码 without a code ({time.perf_counter() - began:.1f} s)")
        for why, count in done.reasons:
            self.stdout.write(f"  {count} × {why.zh} / {why.en}")
