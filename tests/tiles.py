"""What stands in a vector tile: as much of the format (Mapbox Vector Tile 2.1, protocol buffers) as a test wants to read."""

import struct
from collections.abc import Iterator
from typing import Any


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift, more = at + 1, shift + 7, data[at] & 128
        if not more:
            return value, at


def _parts(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        if key & 7 == 2:
            size, at = _number(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        elif key & 7 == 0:
            value, at = _number(data, at)
            yield key >> 3, value
        else:
            size = 8 if key & 7 == 1 else 4
            yield key >> 3, struct.unpack("<d" if size == 8 else "<f", data[at : at + size])[0]
            at += size


def _numbers(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _number(data, at)
        found.append(value)
    return found


def features(tile: bytes, layer: str) -> list[dict[str, Any]]:
    """The properties of each feature of a layer; `at` is where a point stands, in 4096ths of the tile."""
    for _, whole in _parts(tile):
        parts = list(_parts(whole))
        if dict(parts)[1].decode() != layer:
            continue
        keys = [part.decode() for kind, part in parts if kind == 3]
        values = [(v.decode() if kind == 1 else v) for held in (part for k, part in parts if k == 4) for kind, v in _parts(held)]
        return [_feature(dict(_parts(part)), keys, values) for kind, part in parts if kind == 2]
    return []


def _feature(parts: dict[int, bytes], keys: list[str], values: list[Any]) -> dict[str, Any]:
    tags = _numbers(parts[2])
    _, x, y = _numbers(parts[4])[:3]
    return {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)} | {"at": ((x >> 1) ^ -(x & 1), (y >> 1) ^ -(y & 1))}
