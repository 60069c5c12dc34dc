"""Files by what they are: sniffed, bounded, kept under the SHA-256 of their bytes; copies without position or camera."""

import hashlib
import os
import secrets
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import puremagic
from django.conf import settings
from PIL import Image, ImageOps

from jingwei.kit.errors import Invalid, Problem, TooLarge, Unsupported
from jingwei.kit.text import T

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 60_000_000
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
OTHERS = {"application/pdf", "video/mp4", "audio/mpeg", "audio/mp4", "audio/ogg"}
Copy = Literal["public", "thumb"]
_EDGE: dict[Copy, int] = {"public": 2048, "thumb": 360}


@dataclass(frozen=True)
class Kept:
    """What was kept: hash, true type, bytes, and a picture's size in pixels as it is looked at."""

    sha256: str
    mime: str
    size: int
    width: int | None = None
    height: int | None = None


def path_of(sha256: str, copy: Copy | None = None) -> Path:
    """Where the bytes lie; `copy` names a derived picture."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / (sha256 + (f".{copy}" if copy else ""))


def plain_name(name: str) -> str:
    """The last part of a file name without control characters, at most 200 long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C")[:200] or "file"


def keep(stream: BinaryIO) -> Kept:
    """Read a stream to its end and keep it. Raises TooLarge over 20 MB, Unsupported for any other type than pictures
    (JPEG, PNG, WebP), PDF, MP4 and sound, Invalid for a picture that can't be read."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, prefix=".in-", delete=False) as draft:
        try:
            while chunk := stream.read(1 << 18):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge(T(f"文件超过 {MOST_BYTES >> 20} MB", f"the file is larger than {MOST_BYTES >> 20} MB"))
                digest.update(chunk)
                draft.write(chunk)
            draft.flush()
            if not size:
                raise Invalid(T("文件是空的", "the file is empty"))
            os.fsync(draft.fileno())
            mime = _sniff(Path(draft.name))
            sha256 = digest.hexdigest()
            width, height = _copies(Path(draft.name), sha256) if mime in PICTURES else (None, None)
            final = path_of(sha256)
            final.parent.mkdir(parents=True, exist_ok=True)
            Path(draft.name).replace(final)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return Kept(sha256, mime, size, width, height)


def _sniff(path: Path) -> str:
    try:
        guesses = puremagic.magic_file(path)
    except (puremagic.PureError, ValueError):
        guesses = []
    best = max(guesses, key=lambda g: g.confidence, default=None)
    mime = best.mime_type if best else ""
    mime = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg"}.get(mime, mime)
    if mime not in PICTURES and mime not in OTHERS:
        zh = "只收图片（JPEG、PNG、WebP）、PDF、MP4 视频和录音，这个文件不是"
        raise Unsupported(T(zh, "only pictures (JPEG, PNG, WebP), PDF, MP4 and sound are taken; this file is none"))
    return mime


def _copies(path: Path, sha256: str) -> tuple[int, int]:
    """Write the public copy and the thumbnail: pixels only, turned upright, none of the camera's own data."""
    plain = _pixels(path)
    for copy, edge in _EDGE.items():
        small = plain.copy()
        small.thumbnail((edge, edge))
        target = path_of(sha256, copy)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}-{secrets.token_hex(8)}")  # the same picture may come in twice at once
        small.save(draft, "JPEG", quality=82, optimize=True)
        draft.replace(target)
    return plain.size


def _pixels(path: Path) -> Image.Image:
    """The picture turned upright, nothing but its pixels. Raises TooLarge, Invalid."""
    try:
        with Image.open(path, formats=list(PICTURES.values())) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise TooLarge(T("图片像素过多", "the picture has too many pixels"))
            return ImageOps.exif_transpose(picture).convert("RGB")
    except Problem:
        raise
    except Exception as error:  # a decoder stumbles over damage in any way it likes
        raise Invalid(T("图片已损坏，无法读取", "the picture is damaged and can't be read")) from error
