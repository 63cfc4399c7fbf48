"""Pictures (样图): specimens of documents, drawn of lines and a word, that nobody can take for a real one."""

import io
from random import Random

_SIZE = (640, 420)
_PAPERS = ("#f4efe2", "#eaf1f4", "#f3ece9", "#eef3ea")


def specimen(use: str, number: int) -> bytes:
    """A small JPEG of a paper of that use; equal arguments give the same picture."""
    from PIL import Image, ImageDraw, ImageFont  # heavy, and of use to the demonstration alone

    lot = Random(f"beian:{use}:{number}")  # noqa: S311 - invented data, no secret
    image = Image.new("RGB", _SIZE, lot.choice(_PAPERS))
    pen = ImageDraw.Draw(image)
    pen.rectangle((16, 16, _SIZE[0] - 17, _SIZE[1] - 17), outline="#7a6a58", width=3)
    pen.text((48, 40), "SPECIMEN", fill="#8c2f2b", font=ImageFont.load_default(48))
    pen.text((48, 100), f"use {use} / no. {number:04d}", fill="#444444", font=ImageFont.load_default(22))
    for line in range(7):
        top = 150 + line * 32
        pen.rectangle((48, top, 48 + lot.randint(180, 380), top + 10), fill="#9a9489")
    pen.ellipse((470, 250, 590, 370), outline="#b5342e", width=6)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return kept.getvalue()
