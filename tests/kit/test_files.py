"""Files are what they are, not what they are called; copies carry pixels and nothing else."""

import contextlib
import io
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from jingwei.kit import files
from jingwei.kit.errors import Invalid, Problem, TooLarge, Unsupported


@pytest.fixture(autouse=True)
def root(tmp_path: Path, settings: Any) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return Path(settings.MEDIA_ROOT)


def jpeg(width: int = 60, height: int = 40, *, position: bool = False, orientation: int = 1) -> bytes:
    """A picture, red on its left half and blue on its right; with a camera's position where asked for."""
    picture = Image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width // 2, height))
    exif = Image.Exif()
    if position:
        exif[0x010F], exif[0x0110] = "CameraMaker", "CameraModel"
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 6.0), 3: "E", 4: (121.0, 29.0, 24.0)})
    exif[0x0112] = orientation
    stream = io.BytesIO()
    picture.save(stream, "JPEG", exif=exif.tobytes(), quality=95)
    return stream.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A few hundred bytes that claim to be an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def keep(content: bytes) -> files.Kept:
    return files.keep(io.BytesIO(content))


def left_in(root: Path) -> list[Path]:
    return [p for p in root.rglob("*") if p.is_file()]


def test_a_picture_is_kept_under_its_hash(root: Path) -> None:
    kept = keep(jpeg())
    assert (kept.mime, kept.width, kept.height) == ("image/jpeg", 60, 40)
    assert files.path_of(kept.sha256).read_bytes() == jpeg()
    assert keep(jpeg()) == kept and len(left_in(root)) == 3, "the same bytes are the same file"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures(kind: str) -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (30, 20), (1, 2, 3, 100)).save(stream, kind)
    assert keep(stream.getvalue()).mime == f"image/{kind.lower()}"


def test_a_document() -> None:
    kept = keep(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
    assert (kept.mime, kept.width) == ("application/pdf", None)


def test_public_copies_have_neither_position_nor_camera() -> None:
    original = jpeg(position=True)
    assert b"CameraMaker" in original and Image.open(io.BytesIO(original)).getexif().get_ifd(0x8825)
    kept = keep(original)
    for copy in ("public", "thumb"):
        content = files.path_of(kept.sha256, copy).read_bytes()  # type: ignore[arg-type]
        picture = Image.open(io.BytesIO(content))
        assert not dict(picture.getexif()) and not picture.getexif().get_ifd(0x8825)
        assert b"Camera" not in content and b"Exif" not in content


def test_a_turned_picture_stands_upright() -> None:
    """Orientation 6: the camera was held on its side; red, left in the bytes, is on top when looked at."""
    kept = keep(jpeg(60, 40, orientation=6))
    assert (kept.width, kept.height) == (40, 60)
    with Image.open(files.path_of(kept.sha256, "public")) as picture:
        assert picture.size == (40, 60)
        red, blue = picture.getpixel((20, 5)), picture.getpixel((20, 55))
    assert red[0] > 200 > red[2] and blue[2] > 200 > blue[0]


def test_copies_are_bounded() -> None:
    kept = keep(jpeg(4000, 3000))
    sizes = [Image.open(files.path_of(kept.sha256, copy)).size for copy in ("public", "thumb")]  # type: ignore[arg-type]
    assert sizes == [(2048, 1536), (360, 270)]


def _zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inside.txt", "hello")
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _zip(),
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ" + b"\0" * 200,
        b"plain text",
        b"\x7fELF" + b"\0" * 60,
        b"GIF89a" + b"\0" * 40,
    ],
    ids=["zip", "html", "svg", "exe", "text", "elf", "gif"],
)
def test_what_it_really_is_counts(content: bytes, root: Path) -> None:
    with pytest.raises(Unsupported):
        keep(content)
    assert left_in(root) == []


def test_an_empty_file_is_refused(root: Path) -> None:
    with pytest.raises(Invalid, match="empty"):
        keep(b"")
    assert left_in(root) == []


def test_more_than_20_mb_is_too_large_and_is_not_read_to_its_end(root: Path) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"\xff\xd8\xff" * (size // 3)

    stream = Endless()
    with pytest.raises(TooLarge):
        files.keep(stream)  # type: ignore[arg-type]
    assert stream.given < 22 << 20 and left_in(root) == []


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (60_000, 60_000), (2**31 - 1, 2**31 - 1), (0, 10)])
def test_a_picture_that_unpacks_without_end_is_refused(width: int, height: int, root: Path) -> None:
    with pytest.raises((TooLarge, Invalid)):
        keep(png_bomb(width, height))
    assert left_in(root) == []


@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_picture_cut_short_is_refused(part: float, root: Path) -> None:
    whole = jpeg(400, 300)
    with pytest.raises(Invalid, match="damaged"):
        keep(whole[: int(len(whole) * part)])
    assert left_in(root) == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(4, 900), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_damaged_picture_is_kept_or_refused_but_never_breaks_the_program(changes: list[tuple[int, int]]) -> None:
    content = bytearray(jpeg(position=True, orientation=6))
    for place, value in changes:
        content[place % len(content)] = value
    with contextlib.suppress(Problem):
        keep(bytes(content))


def test_metadata_that_no_library_can_write_again_breaks_nothing() -> None:
    """A text whose type was changed to a fraction: the decoder raises what has nothing to do with pictures."""
    content = bytearray(jpeg(position=True, orientation=6))
    for place in range(4, 400):
        for value in (2, 5, 10):
            damaged = bytearray(content)
            damaged[place] = value
            with contextlib.suppress(Problem):
                keep(bytes(damaged))


def test_the_same_picture_twice_at_once() -> None:
    content = jpeg(1200, 900)
    with ThreadPoolExecutor(6) as uploads:
        kept = list(uploads.map(keep, [content] * 12))
    assert len(set(kept)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.png", "a.png"),
        ("a\0b\n.jpg", "ab.jpg"),
        ("\ud800", "file"),
        ("", "file"),
        ("x" * 900, "x" * 200),
        ("现场.jpg", "现场.jpg"),
    ],
)
def test_names_are_plain(given: str, kept: str) -> None:
    assert files.plain_name(given) == kept
