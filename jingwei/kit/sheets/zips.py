"""Zips, without falling for one: nothing that unpacks to more than it may, or that is locked."""

import zipfile
from pathlib import Path

from jingwei.kit.sheets.values import MOST_RATIO, MOST_UNPACKED, unreadable

_SMALL = 1 << 20
MOST_MEMBERS = 5000


def open_zip(path: Path) -> zipfile.ZipFile:
    """The zip, its table of contents checked. Raises Invalid for a broken, locked or bloated one."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise unreadable("压缩文件已损坏", "the zip is damaged") from None
    members = archive.infolist()
    # A member is read as far as its entry says, and no further: what the entries say is what comes out.
    bloated = any(m.file_size > _SMALL and m.file_size > m.compress_size * MOST_RATIO for m in members)
    if bloated or len(members) > MOST_MEMBERS or sum(m.file_size for m in members) > MOST_UNPACKED:
        archive.close()
        raise unreadable("文件解压后过大（压缩炸弹），已拒绝", "the file unpacks to far more than it is (a zip bomb); it was refused")
    if any(m.flag_bits & 1 for m in members):
        archive.close()
        raise unreadable("文件有密码，请去掉密码后再导入", "the file is locked with a password: remove it, then import again")
    return archive


def unpack(archive: zipfile.ZipFile, member: str, target: Path) -> None:
    """Write one member to `target`. Raises Invalid where it is damaged."""
    try:
        with archive.open(member) as source, target.open("wb") as out:
            while block := source.read(1 << 20):
                out.write(block)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise unreadable(f"压缩文件已损坏：{error}", f"the zip is damaged: {error}") from None
