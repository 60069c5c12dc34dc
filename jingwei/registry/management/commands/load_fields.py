"""`jingwei load_fields --owner UNIT [FILE]`: the field dictionary."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jingwei.accounts.rules import SYSTEM
from jingwei.kit.errors import Problem
from jingwei.registry.actions import load_fields, switch_on
from jingwei.registry.queries import dictionary
from jingwei.registry.rules.fields import missing

SHIPPED = Path(__file__).resolve().parents[2] / "fixtures" / "fields.csv"


class Command(BaseCommand):
    help = "数据项字典 the field dictionary (by default what ships); what the city has described stays, again changes nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)
        parser.add_argument("--owner", default="", help="责任单位的编号 code of the unit that owns the fields; without an owner no field can be switched on")
        parser.add_argument(
            "--switch-on", action="store_true", help="启用写全了的非个人信息数据项 switch on what is not personal; a security administrator does the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = options["file"].read_text("utf-8")
            report = load_fields(actor=SYSTEM, at=timezone.now(), text=text, owner=options["owner"])
            if options["switch_on"]:
                plain = [f for fields in dictionary().things.values() for f in fields.values() if not f.personal and not f.is_on and not missing(f)]
                switch_on(actor=SYSTEM, at=timezone.now(), fields=[(f.thing, f.name) for f in plain])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise CommandError(f"{options['file']}: UTF-8") from None
        except Problem as problem:
            raise CommandError("; ".join([problem.message.en, *(f"{e.field}: {e.message.en}" for e in problem.errors)])) from None
        fields = [f for of in dictionary().things.values() for f in of.values()]
        on, unsaid = sum(f.is_on for f in fields), sum(bool(missing(f)) for f in fields)
        self.stdout.write(
            f"fields: {report.added} 新增 added, {report.changed} 补充 filled, {report.unchanged} 不变 unchanged, {len(report.refused)} 拒收 refused; "
            f"{on} 启用 on, {unsaid} 未写全 not fully said"
        )
        for line, reason in report.refused:
            self.stderr.write(f"  第 {line} 行 line {line}: {reason.zh} / {reason.en}")
