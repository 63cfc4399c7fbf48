"""Pictures: what is taken, what is refused, and that nothing but pixels is left; in processes that are bounded."""

import asyncio
import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.support.drawing import SECRET_PLACE, bomb, draw, encoded, jpeg, photographed, png
from workflow import darkroom
from workflow.darkroom import Darkroom, DarkroomFull, UnfitPicture, redraw
from workflow.darkroom import fit_for_report as fit_apart
from workflow.pictures import Unfit, fit_for_report
from workflow.pictures import redraw as redraw_here

MIB = 1024 * 1024


def opened(data: bytes) -> Image.Image:
    """The picture of a file."""
    return Image.open(io.BytesIO(data))


@pytest.mark.shows("C78")
async def test_what_a_camera_wrote_beside_the_picture_is_gone_and_the_picture_stands_upright() -> None:
    taken = photographed()
    assert SECRET_PLACE in taken
    picture = await redraw(taken, "image/jpeg")

    assert (picture.width, picture.height) == (200, 320)
    assert picture.media_type == "image/jpeg"
    for trace in (SECRET_PLACE, b"PhoneMaker", b"Zhang San", b"Exif"):
        assert trace not in picture.data
    image = opened(picture.data)
    assert image.format == "JPEG"
    assert image.size == (200, 320)
    assert not image.getexif()
    # turned to the right, the upper edge of the picture as taken is its right edge
    before, after = draw().getpixel((5, 5)), image.convert("RGB").getpixel((194, 5))
    assert all(abs(one - other) < 12 for one, other in zip(before, after, strict=True))  # type: ignore[arg-type]


@pytest.mark.shows("C78")
async def test_a_png_stays_a_png_of_the_same_pixels_without_its_texts() -> None:
    told = PngInfo()
    told.add_text("Author", "Zhang San")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = await redraw(png(dpi=(300, 300), pnginfo=told, icc_profile=profile), "image/png")

    image = opened(picture.data)
    assert (image.format, image.size, image.info) == ("PNG", (320, 200), {})
    assert image.tobytes() == draw().tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_kind_of_png_is_taken(mode: str) -> None:
    image = draw().convert("L").convert("I;16") if mode == "I;16" else draw().convert(mode)

    assert (await redraw(encoded(image, "PNG"), "image/png")).width == 320


@pytest.mark.parametrize("options", [{"progressive": True}, {"quality": 100, "subsampling": 0}])
async def test_every_kind_of_jpeg_is_taken(options: dict[str, object]) -> None:
    assert (await redraw(jpeg(**options), "image/jpeg")).width == 320
    assert (await redraw(encoded(draw().convert("CMYK"), "JPEG"), "image/jpeg")).width == 320


async def test_a_large_photograph_is_taken_at_half_its_size_within_the_bounds() -> None:
    picture = await redraw(jpeg(8000, 6000, quality=60), "image/jpeg")

    assert (picture.width, picture.height) == (4000, 3000)


async def test_a_photograph_with_the_cameras_second_picture_behind_it_is_taken_without_that() -> None:
    both = encoded(draw(), "MPO", save_all=True, append_images=[draw(64, 64)])
    assert both.count(b"\xff\xd8\xff") == 2

    picture = await redraw(both, "image/jpeg")

    assert picture.data.count(b"\xff\xd8\xff") == 1
    assert (picture.width, picture.height) == (320, 200)


UNFIT = {
    "a GIF that calls itself a JPEG": (encoded(draw(), "GIF"), "image/jpeg", "FORMAT"),
    "a GIF that calls itself a PNG": (encoded(draw(), "GIF"), "image/png", "FORMAT"),
    "a PNG that calls itself a JPEG": (png(), "image/jpeg", "FORMAT"),
    "a JPEG that calls itself a PNG": (jpeg(), "image/png", "FORMAT"),
    "a page": (b"<html><script>alert(1)</script></html>", "image/jpeg", "FORMAT"),
    "nothing": (b"", "image/jpeg", "FORMAT"),
    "a JPEG with a page behind it": (jpeg() + b"<html><script>x</script>", "image/jpeg", "FOREIGN"),
    "a JPEG with a letter behind it": (jpeg() + b"nothing to see here", "image/jpeg", "FOREIGN"),
    "a JPEG with an archive behind it": (jpeg() + b"PK\x03\x04" + b"x" * 40, "image/jpeg", "FOREIGN"),
    "a JPEG with a script in its comment": (jpeg(comment=b"<ScRipt>alert(1)"), "image/jpeg", "FOREIGN"),
    "a PNG with a page behind it": (png() + b"<html>", "image/png", "FOREIGN"),
    "half a JPEG": (jpeg()[: len(jpeg()) // 2], "image/jpeg", "BROKEN"),
    "a JPEG without its last bytes": (jpeg()[:-2], "image/jpeg", "BROKEN"),
    "half a PNG": (png()[: len(png()) // 2], "image/png", "BROKEN"),
    "the head of a PNG": (png()[:30], "image/png", "BROKEN"),
    "a bomb": (bomb(), "image/png", "PIXELS"),
    "a JPEG of 64 million pixels": (encoded(Image.new("L", (8000, 8000)), "JPEG"), "image/jpeg", "PIXELS"),
    "a strip": (encoded(Image.new("L", (30_000, 8)), "PNG"), "image/png", "PIXELS"),
    "an animation": (
        encoded(draw(), "PNG", save_all=True, append_images=[draw().rotate(180)]), "image/png", "FRAMES"),
}  # fmt: skip


@pytest.mark.shows("C78")
@pytest.mark.parametrize("what", UNFIT)
async def test_within_two_seconds_is_refused(what: str) -> None:
    data, media_type, reason = UNFIT[what]
    started = time.monotonic()

    with pytest.raises(UnfitPicture) as refused:
        await redraw(data, media_type)

    assert refused.value.reason == reason
    assert time.monotonic() - started < 2.5  # of which starting the process takes its part


@pytest.mark.parametrize("what", ["a bomb", "a JPEG of 64 million pixels", "half a PNG"])
def test_a_refusal_takes_less_than_100_mib(what: str) -> None:
    data, media_type, _ = UNFIT[what]
    measured = (
        "import resource, runpy, sys\n"
        "sys.argv = ['pictures', 'redraw', sys.argv[1]]\n"
        "runpy.run_path('workflow/pictures.py', run_name='__main__')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)\n"
    )
    # a shell between, since a child's peak begins at that of the process which forked it
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -c "$1" "$2"', sys.executable, measured, media_type],
        input=data,
        capture_output=True,
        check=True,
    )
    assert b"unfit" in done.stdout
    assert int(done.stderr) * 1024 < 100 * MIB


def test_a_process_that_draws_cannot_take_more_than_100_mib() -> None:
    greedy = (
        "import runpy, sys\n"
        "bind = runpy.run_path('workflow/pictures.py')['_bind']\n"
        "bind()\n"
        "kept = bytearray(60 * 1024 * 1024)\n"
        "try:\n    more = bytearray(40 * 1024 * 1024)\n"
        "except MemoryError:\n    print('held')\n"
    )
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=True)
    assert done.stdout == b"held\n"
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def _parent_of(told: Path) -> int:
    status = told.with_name("status").read_text(encoding="utf-8")
    return int(status.partition("PPid:")[2].split()[0])


def _children_at_work() -> Iterator[Path]:
    """The processes of this one that draw."""
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # some process ended meanwhile
            if b"pictures.py\0redraw" in told.read_bytes() and _parent_of(told) == os.getpid():
                yield told


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(darkroom, "SECONDS", 0.05)  # less than it takes to start

    with pytest.raises(UnfitPicture, match="TIME"):
        await redraw(png(), "image/png")

    assert not any(_children_at_work())


async def test_while_a_picture_is_drawn_others_are_served() -> None:
    ticks = 0
    drawing = asyncio.create_task(redraw(png(2400, 3000), "image/png"))
    while not drawing.done():
        await asyncio.sleep(0.005)
        ticks += 1
    await drawing
    assert ticks > 10


async def test_who_finds_too_many_waiting_is_sent_away() -> None:
    room = Darkroom(at_once=1, waiting=1)
    inside, out = asyncio.Event(), asyncio.Event()

    async def stay() -> None:
        async with room.enter():
            inside.set()
            await out.wait()

    first, second = asyncio.create_task(stay()), asyncio.create_task(stay())
    await inside.wait()
    await asyncio.sleep(0)
    with pytest.raises(DarkroomFull):
        async with room.enter():
            pass
    out.set()
    await asyncio.gather(first, second)
    async with room.enter():
        pass


@pytest.mark.shows("C78")
@pytest.mark.parametrize("kib", [150, 100])
def test_a_picture_is_scaled_to_the_authoritys_limit(kib: int) -> None:
    noise = Image.effect_noise((2400, 3200), 90).convert("RGB")
    large = redraw_here(encoded(noise, "JPEG", quality=95), "image/jpeg")[0]
    assert len(large) > 1000 * 1024

    small = fit_for_report(large, kib * 1024)

    assert 20 * 1024 < len(small) <= kib * 1024
    image = opened(small)
    assert image.format == "JPEG"
    assert abs(image.width / image.height - 0.75) < 0.01


def test_a_picture_within_the_limit_is_reported_as_it_is_and_a_png_as_a_jpeg() -> None:
    small = jpeg()
    assert fit_for_report(small, 100 * 1024) is small
    clear = Image.new("RGBA", (60, 40), (0, 0, 0, 0))
    assert opened(fit_for_report(encoded(clear, "PNG"), 100 * 1024)).convert("RGB").getpixel((3, 3)) == (
        255,
        255,
        255,
    )
    with pytest.raises(Unfit, match="LIMIT"):
        fit_for_report(png(), 50)


async def test_scaling_is_done_apart_too() -> None:
    assert len(await fit_apart(png(2000, 1500), 100 * 1024)) <= 100 * 1024
