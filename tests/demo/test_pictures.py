"""Specimens of documents: small pictures, the same on every run, different for every paper."""

import io

from PIL import Image

from demo.pictures import specimen


def test_a_specimen_is_a_small_picture() -> None:
    data = specimen("2", 7)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 420))
    assert len(data) < 100 * 1024


def test_the_same_paper_looks_the_same_and_another_does_not() -> None:
    assert specimen("2", 7) == specimen("2", 7)
    assert len({specimen(use, number) for use in ("1", "2") for number in range(3)}) == 6
