"""Telling what a picture is from its bytes, and that it is whole, without decoding what a stranger sent."""

import struct
import zlib
from dataclasses import dataclass

MOST_PIXELS = 4000
_PNG = b"\x89PNG\r\n\x1a\n"
_STARTS_OF_FRAME = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


@dataclass(frozen=True, slots=True)
class Picture:
    """What the bytes say of themselves."""

    content_type: str
    width: int
    height: int


def picture_of(content: bytes) -> Picture | None:
    """The PNG, JPEG or WebP that the bytes are; None for anything else, and for one that is cut off."""
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError, zlib.error):
        pass
    return None


def _png(content: bytes) -> Picture | None:
    """Walks the chunks: each whole and with its checksum, pixels among them, the end at the end."""
    width, height = struct.unpack(">II", content[16:24])
    place, pixels = len(_PNG), 0
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind = content[place + 4 : place + 8]
        (checksum,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        if zlib.crc32(content[place + 4 : place + 8 + length]) != checksum:
            return None
        pixels += length if kind == b"IDAT" else 0
        place += 12 + length
        if kind == b"IEND":
            return Picture("image/png", width, height) if pixels and width and height else None
    return None


def _jpeg(content: bytes) -> Picture | None:
    """Walks the segments to the frame's size; the last marker must be there."""
    if b"\xff\xd9" not in content[-64:]:
        return None
    place = 2
    while place < len(content):
        if content[place] != 0xFF:
            return None
        marker = content[place + 1]
        (length,) = struct.unpack(">H", content[place + 2 : place + 4])
        if marker in _STARTS_OF_FRAME:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return Picture("image/jpeg", width, height) if width and height else None
        place += 2 + length
    return None


def _webp(content: bytes) -> Picture | None:
    (size,) = struct.unpack("<I", content[4:8])
    if size + 8 > len(content):
        return None
    kind = content[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
    elif kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    else:
        return None
    return Picture("image/webp", width, height) if width and height else None
