"""Pictures for tests: drawn, not downloaded."""

import io
import struct
import zlib

from PIL import Image

SECRET_PLACE = b"41.8057N123.4315E"


def draw(width: int = 320, height: int = 200) -> Image.Image:
    """A picture in which each pixel differs from its neighbours: red to the right, green downwards."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (across, down, Image.new("L", (width, height), 40)))


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture's file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(width: int = 320, height: int = 200, **options: object) -> bytes:
    """A JPEG."""
    return encoded(draw(width, height), "JPEG", **options)


def png(width: int = 320, height: int = 200, **options: object) -> bytes:
    """A PNG."""
    return encoded(draw(width, height), "PNG", **options)


def photographed() -> bytes:
    """A JPEG as a telephone takes it: turned by its EXIF, with the place where it was taken and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PhoneMaker"
    exif.get_ifd(0x8825)[29] = SECRET_PLACE.decode()
    return jpeg(exif=exif.tobytes(), comment=b"taken by Zhang San")


def bomb(side: int = 30_000) -> bytes:
    """A PNG of some hundred KiB that would be `side` by `side` pixels."""
    row = zlib.compress(b"\0" * (side + 1) * 1000)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", head), (b"IDAT", row), (b"IEND", b""))
    )
