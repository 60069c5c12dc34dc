"""Documents on paper: a Typst template and plain data become a PDF.

Data goes in as JSON and is text wherever the template shows it: nothing that somebody wrote is read as markup.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from PIL import Image

from jingwei.kit.errors import Problem
from jingwei.kit.text import T

# Any of these will do; the first is what the bootstrap installs.
FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei")
EDGE = 1100  # pixels of a picture's longer side on paper: 300 to the inch at half a page's width


class NoFont(Problem):
    status, code, title = 503, "no_chinese_font", T("服务器缺少中文字体", "The server has no Chinese font")


@cache
def _fonts() -> typst.Fonts:
    """The fonts of this machine, looked through once (0.3 s)."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def family() -> str:
    """The font that documents are set in. Raises NoFont with what to install."""
    here = set(_fonts().families())
    for name in FAMILIES:
        if name in here:
            return name
    _fonts.cache_clear()  # one may be installed while the program runs
    raise NoFont(
        T("服务器缺少中文字体，不能生成 PDF。请安装 Debian 软件包 fonts-noto-cjk", "no PDF without a Chinese font: install Debian's package fonts-noto-cjk")
    )


def typeset(template: Path, data: Mapping[str, Any], pictures: Mapping[str, Path], *, at: datetime) -> bytes:
    """`template` (Typst) with `data` as its `sys.inputs.data`, and `pictures` beside it under their names, made small enough for paper.

    A picture whose bytes are gone is left out: the template asks `data.pictures` which there are. Raises NoFont.
    """
    font = family()
    with tempfile.TemporaryDirectory(prefix="jingwei-print-") as folder:
        place = Path(folder)
        there = [name for name, path in pictures.items() if _small(path, place / name)]
        (place / "main.typ").write_bytes(template.read_bytes())
        inputs = {"data": json.dumps({**data, "pictures": there, "font": font}, ensure_ascii=False)}
        compiler = typst.Compiler(str(place / "main.typ"), root=folder, font_paths=_fonts(), sys_inputs=inputs)
        made = compiler.compile(format="pdf", timestamp=at.astimezone(UTC).replace(microsecond=0))
        assert isinstance(made, bytes)
        return made


def _small(path: Path, target: Path) -> bool:
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (EDGE, EDGE))
            picture.thumbnail((EDGE, EDGE))
            picture.convert("RGB").save(target, "JPEG", quality=80)
    except OSError:
        return False
    return True
