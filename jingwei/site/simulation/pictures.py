"""Schematic drawings that stand for photographs: a street, a house, and what is the matter there. Never a photograph."""

import random
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (640, 480)
_WALL, _ROAD, _PATH, _SKY, _INK = "#d9d2c5", "#8a8d91", "#c9c5bd", "#e8eef3", "#3b4046"


def _scene(draw: ImageDraw.ImageDraw, lot: random.Random) -> None:
    draw.rectangle((0, 0, 640, 480), fill=_SKY)
    x = -20
    while x < 640:
        width, top = lot.randrange(90, 170), lot.randrange(40, 150)
        shade = lot.choice((_WALL, "#cfc6b8", "#dcd8d0", "#c8ccd0"))
        draw.rectangle((x, top, x + width, 300), fill=shade, outline=_INK)
        for wx in range(x + 14, x + width - 20, 30):
            for wy in range(top + 14, 270, 36):
                draw.rectangle((wx, wy, wx + 14, wy + 20), fill="#9fb2c1", outline=_INK)
        x += width
    draw.polygon([(0, 300), (640, 300), (640, 370), (0, 370)], fill=_PATH, outline=_INK)
    draw.rectangle((0, 370, 640, 480), fill=_ROAD)
    for sx in range(20, 640, 110):
        draw.rectangle((sx, 424, sx + 60, 430), fill="#f4f4f0")


def _matter(draw: ImageDraw.ImageDraw, kind: str, lot: random.Random) -> None:
    x = lot.randrange(160, 420)
    match kind:
        case "rubbish":
            for _ in range(9):
                dx, dy, r = lot.randrange(120), lot.randrange(30), lot.randrange(10, 24)
                draw.ellipse((x + dx, 325 + dy, x + dx + 2 * r, 325 + dy + 2 * r), fill=lot.choice(("#333", "#4a6d4a", "#777")), outline=_INK)
        case "boxes":
            for n in range(5):
                bx, by = x + 44 * (n % 3), 310 - 40 * (n // 3)
                draw.rectangle((bx, by, bx + 40, by + 38), fill="#b98d57", outline=_INK)
                draw.line((bx, by + 12, bx + 40, by + 12), fill=_INK)
        case "bin":
            draw.rectangle((x, 280, x + 60, 360), fill="#3f7f5f", outline=_INK, width=3)
            for n in range(4):
                draw.ellipse((x - 10 + n * 18, 262 - n % 2 * 8, x + 16 + n * 18, 288), fill="#666", outline=_INK)
        case "pothole":
            draw.ellipse((x, 395, x + 130, 440), fill="#4b4d50", outline=_INK, width=3)
            for _ in range(6):
                draw.line((x + 65, 418, x + lot.randrange(-40, 170), lot.randrange(380, 460)), fill="#4b4d50", width=3)
        case "manhole":
            draw.ellipse((x, 392, x + 120, 446), fill="#2c2e30", outline=_INK, width=3)
            draw.ellipse((x + 36, 380, x + 156, 434), fill="#74777a", outline=_INK, width=4)
        case "lamp":
            draw.rectangle((x, 90, x + 10, 345), fill="#5b6065", outline=_INK)
            draw.line((x + 5, 95, x + 70, 80), fill="#5b6065", width=8)
            draw.ellipse((x + 60, 72, x + 96, 94), fill="#31343a", outline=_INK)
            draw.line((x + 5, 150, x - 60, 330), fill=_INK, width=3)
        case "tree":
            draw.rectangle((x, 210, x + 18, 345), fill="#7a5a3a", outline=_INK)
            draw.ellipse((x - 70, 90, x + 90, 240), fill="#7fa36b", outline=_INK)
            draw.line((x + 18, 230, x + 110, 330), fill="#7a5a3a", width=9)
        case "poster":
            for _ in range(7):
                px, py = x + lot.randrange(120), 190 + lot.randrange(80)
                draw.rectangle((px, py, px + 30, py + 22), fill=lot.choice(("#f2e05a", "#f7f7f7", "#e58f8f")), outline=_INK)
        case "laundry":
            draw.line((x, 200, x + 180, 215), fill=_INK, width=3)
            for n in range(4):
                draw.rectangle((x + 12 + n * 42, 206, x + 44 + n * 42, 262), fill=lot.choice(("#c96f6f", "#6f8fc9", "#e9e4d0")), outline=_INK)
        case "stall" | "shop":
            draw.rectangle((x, 285, x + 150, 345), fill="#e7e1d2", outline=_INK, width=3)
            draw.polygon([(x - 16, 255), (x + 166, 255), (x + 150, 285), (x, 285)], fill="#b9574f", outline=_INK)
            for n in range(6):
                draw.ellipse((x + 10 + n * 23, 296, x + 28 + n * 23, 314), fill=lot.choice(("#e39b2f", "#86a94b", "#c5493d")), outline=_INK)
        case "works":
            for n in range(5):
                draw.rectangle((x + n * 42, 300, x + n * 42 + 38, 350), fill="#e8a33d" if n % 2 else "#f3efe6", outline=_INK)
            draw.polygon([(x + 60, 300), (x + 110, 230), (x + 160, 300)], fill="#a58a63", outline=_INK)
        case "bikes":
            for n in range(5):
                bx = x - 80 + n * 48
                for wheel in (bx, bx + 40):
                    draw.ellipse((wheel, 320, wheel + 34, 354), outline=_INK, width=4)
                draw.line((bx + 17, 337, bx + 36, 312, bx + 57, 337), fill=lot.choice(("#2f7fc1", "#e3b12f", "#3f9f6f")), width=6)
        case "car":
            draw.rounded_rectangle((x, 310, x + 190, 356), 14, fill="#5f7fa3", outline=_INK, width=3)
            draw.polygon([(x + 34, 310), (x + 62, 276), (x + 132, 276), (x + 160, 310)], fill="#a9bccd", outline=_INK)
            for wheel in (x + 28, x + 130):
                draw.ellipse((wheel, 340, wheel + 36, 376), fill="#2b2d30", outline=_INK)
        case "water":
            draw.rectangle((0, 345, 640, 480), fill="#88a9bb")
            for _ in range(14):
                wx, wy = lot.randrange(80, 560), lot.randrange(360, 460)
                draw.ellipse((wx, wy, wx + 26, wy + 10), fill=lot.choice(("#c9b37a", "#e6e6e6", "#6d8a5a")), outline=_INK)
        case "sign":
            draw.rectangle((x, 150, x + 8, 345), fill="#5b6065", outline=_INK)
            draw.polygon([(x - 46, 175), (x + 4, 96), (x + 60, 165)], fill="#e3b12f", outline=_INK, width=4)
        case _:
            draw.rectangle((x, 160, x + 110, 250), fill="#a7a096", outline=_INK)
            for _ in range(8):
                draw.line((x + lot.randrange(110), 160 + lot.randrange(90), x + lot.randrange(110), 160 + lot.randrange(90)), fill=_INK, width=2)


@cache
def picture(kind: str, number: int, *, mended: bool = False) -> bytes:
    """A drawing as PNG; the same arguments draw the same. `mended`: the same street without the trouble."""
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    _scene(draw, random.Random(number))  # noqa: S311
    if not mended:
        _matter(draw, kind, random.Random(f"{kind}{number}"))  # noqa: S311
    draw.rectangle((0, 0, 640, 22), fill="#fffbe6")
    draw.text((8, 5), "SCHEMATIC DRAWING, NOT A PHOTOGRAPH" + (" - mended" if mended else f" - {kind}"), fill=_INK)
    out = BytesIO()
    image.resize((480, 360), Image.Resampling.BILINEAR).save(out, "PNG", compress_level=4)
    return out.getvalue()
