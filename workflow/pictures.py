"""Pictures (图片): checked by content, made anew, and scaled; run as a process of its own, within limits of its own."""

import io
import json
import re
import resource
import struct
import sys
from pathlib import Path

from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

JPEG, PNG = "image/jpeg", "image/png"
JPEG_PIXELS = 50_000_000  # what a JPEG may announce: it is read smaller, straight from its coefficients
PIXELS = 12_500_000  # what is held in memory
PIXEL_BYTES = 4
SIDE = 20_000
QUALITY = 90
_ORIENTATION = 0x0112  # the tag of EXIF
WORKING_SET = 100 * 1024 * 1024  # of the whole process, in bytes
ROOM = 70 * 1024 * 1024  # what of it is left for one picture
CPU_SECONDS = 2

# tried in turn until the picture is small enough: longest side in pixels, quality
_STEPS = tuple(
    (side, quality) for side in (2000, 1600, 1280, 1024, 800, 640, 480, 320) for quality in (85, 70, 55)
)
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_PADDING = b"\x00\r\n"
_STANDING_ALONE = frozenset({0x01, 0xD8})
# what makes a browser, a reader or an interpreter take the file for its own
_FOREIGN = re.compile(rb"<script|<html|<!doctype|<svg|<iframe|<\?php|%pdf-|^pk\x03\x04|^#!", re.IGNORECASE)


class Unfit(Exception):
    """A picture that is not taken; its text is the reason's key: FORMAT, BROKEN, FOREIGN, FRAMES, PIXELS, LIMIT."""


def redraw(data: bytes, media_type: str) -> tuple[bytes, int, int]:
    """The picture drawn anew: bytes of the same media type, width and height in pixels.

    What it carries beside its pixels (EXIF, places, colour profiles, comments) is gone, its orientation is applied. A
    large JPEG is read at half its size or less. Raises Unfit.
    """
    try:
        image = _open(data, media_type)
        _shrink(image, len(data))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        drawn = _write(_plain(image), media_type)
    except MemoryError as error:
        raise Unfit("PIXELS") from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, struct.error) as error:
        raise Unfit("BROKEN") from error
    return drawn, image.width, image.height


def fit_for_report(data: bytes, limit: int) -> bytes:
    """The picture as a JPEG of at most `limit` bytes, as sharp as that allows; one that fits already stays as it is.

    `data` is what `redraw` made. Limits are those of the authority's interface: 150 KiB for a verification sheet
    (核验单), 100 KiB for all else. Raises Unfit where no size is small enough.
    """
    image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG"))
    if image.format == "JPEG" and len(data) <= limit:
        return data
    image = _on_white(image)
    for side, quality in _STEPS:
        if max(image.size) > side:
            image.thumbnail((side, side))
        small = io.BytesIO()
        image.save(small, "JPEG", quality=quality, optimize=True)
        if small.tell() <= limit:
            return small.getvalue()
    raise Unfit("LIMIT")


def _open(data: bytes, media_type: str) -> Image.Image:
    """The picture as far as its head tells, nothing decoded yet."""
    rest = _behind(data, media_type)
    opened = PngImageFile(io.BytesIO(data)) if media_type == PNG else JpegImageFile(io.BytesIO(data))
    if getattr(opened, "is_animated", False):
        raise Unfit("FRAMES")
    most = JPEG_PIXELS if media_type == JPEG else PIXELS
    if opened.width * opened.height > most or max(opened.size) > SIDE:
        raise Unfit("PIXELS")
    if any(_FOREIGN.search(text) for text in (rest, *_carried(opened))):
        raise Unfit("FOREIGN")
    return opened


def _carried(image: Image.Image) -> list[bytes]:
    """The texts and application data that a picture carries."""
    texts = [part for _, part in getattr(image, "applist", [])]
    for name, value in image.info.items():
        for part in (name, value):
            if isinstance(part, str | bytes):
                texts.append(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
    return texts


def _behind(data: bytes, media_type: str) -> bytes:
    """What lies behind the end of the picture, padding aside.

    Cameras put a second picture (MPF: a gain map, a preview) or a block of their own (SEF) there, which are dropped;
    with anything else the file is no picture alone. Raises Unfit.
    """
    end = _end_of_png(data) if media_type == PNG else _end_of_jpeg(data)
    rest = data[end:].strip(_PADDING)
    of_camera = media_type == JPEG and (
        rest.endswith(b"SEFT") or (rest.startswith(b"\xff\xd8\xff") and b"MPF\x00" in data[:end])
    )
    if rest and not of_camera:
        raise Unfit("FOREIGN")
    return rest


def _end_of_png(data: bytes) -> int:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Unfit("FORMAT")
    place = 8
    while place + 12 <= len(data):
        kind = data[place + 4 : place + 8]
        place += 12 + int.from_bytes(data[place : place + 4], "big")
        if kind == b"IEND" and place <= len(data):
            return place
    raise Unfit("BROKEN")


def _end_of_jpeg(data: bytes) -> int:
    """Behind the end marker of the first picture; the thumbnail within its head is passed over with its segment."""
    if not data.startswith(b"\xff\xd8\xff"):
        raise Unfit("FORMAT")
    place = 0
    while found := _MARKER.search(data, place):
        marker, place = found.group(1)[0], found.end()
        if marker == 0xD9:
            return place
        if marker not in _STANDING_ALONE:
            length = int.from_bytes(data[place : place + 2], "big")
            place += max(length, 2)
    raise Unfit("BROKEN")


def _shrink(image: Image.Image, taken: int) -> None:
    """Have a JPEG that is too large read at a half, a quarter or an eighth, so that there is room for it.

    `taken` is what the file itself takes, in bytes. Raises Unfit where there is no room at all.
    """
    if not isinstance(image, JpegImageFile):
        return
    left = ROOM - taken - (_held_while_reading(image) if "progressive" in image.info else 0)
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    room = min(PIXELS, left // (2 * PIXEL_BYTES if turned else PIXEL_BYTES))
    divisor = 1
    while image.width * image.height > room * divisor * divisor:
        divisor *= 2
        if room <= 0 or divisor > 8:
            raise Unfit("PIXELS")
    if divisor > 1:
        image.draft(None, (image.width // divisor, image.height // divisor))


def _held_while_reading(image: JpegImageFile) -> int:
    """The bytes of a progressive JPEG's coefficients, two for each, all of which are kept until the last scan."""
    samples = [(across, down) for _, across, down, _ in image.layer]
    whole = max(across for across, _ in samples) * max(down for _, down in samples)
    return 2 * image.width * image.height * sum(across * down for across, down in samples) // whole


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in a mode that both formats know."""
    if "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode.startswith("I"):
        # sixteen bits a sample: the upper eight are what a screen shows
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGB")
    image.info = {}
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency."""
    if image.mode in ("L", "RGB"):
        return image
    whole = image.convert("RGBA")
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    return paper


def _write(image: Image.Image, media_type: str) -> bytes:
    drawn = io.BytesIO()
    if media_type == JPEG:
        _on_white(image).save(drawn, "JPEG", quality=QUALITY)
    else:
        image.save(drawn, "PNG", compress_level=1)
    return drawn.getvalue()


def _bind() -> None:
    """Limit this process's memory and time, so that no picture can take more whatever it holds."""
    told = Path("/proc/self/statm")
    if (
        told.exists()
    ):  # the kernel counts addresses: what is mapped by now without being used is allowed on top
        pages, resident = map(int, told.read_text(encoding="ascii").split()[:2])
        most = WORKING_SET + (pages - resident) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(work: str, wanted: str) -> None:
    """Do `redraw MEDIA_TYPE` or `fit LIMIT` on the picture of stdin; write one line of JSON, then the new picture."""
    data = sys.stdin.buffer.read()
    _bind()
    drawn, told = b"", dict[str, object]()
    try:
        if work == "redraw":
            drawn, told["width"], told["height"] = redraw(data, wanted)
        else:
            drawn = fit_for_report(data, int(wanted))
    except Unfit as unfit:
        told["unfit"] = str(unfit)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + drawn)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
