import struct
import zlib

import pytest

from daybook.core.images import Picture, picture_of


def png(width: int = 3, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + b"\x10\x20\x30" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x05\x00\x07\x01\x01\x11\x00\xff\xda\x00\x02\x00\xff\xd9"
WEBP = (
    b"RIFF"
    + struct.pack("<I", 18)
    + b"WEBPVP8L"
    + struct.pack("<I", 6)
    + b"\x2f"
    + (8 | 5 << 14).to_bytes(4, "little")
    + b"\x00"
)


@pytest.mark.parametrize(
    ("content", "picture"),
    [
        (png(), Picture("image/png", 3, 2)),
        (JPEG, Picture("image/jpeg", 7, 5)),
        (WEBP, Picture("image/webp", 9, 6)),
    ],
)
def test_picture_tells_type_and_size(content: bytes, picture: Picture) -> None:
    assert picture_of(content) == picture


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\x00" * 20,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        png()[:-5],
        png()[:20],
        png().replace(b"IDAT", b"IDAX"),
        png(0, 0),
        JPEG[:-2],
        JPEG[:6],
        WEBP[:-3],
        b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
    ],
)
def test_anything_else_or_half_a_picture_is_none(content: bytes) -> None:
    assert picture_of(content) is None
