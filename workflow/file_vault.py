"""The file vault (文件库): the bytes of uploaded pictures, encrypted on disk, outside the database."""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from models.cipher import cipher
from settings import current

_PLACE = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    """Where the files lie; made 0700 where it is missing."""
    path = current().var_dir / "files"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def lay_down(data: bytes) -> str:
    """Write `data` encrypted and give its place, once it would outlive a power cut; blocks, so call it in a thread."""
    place = secrets.token_hex(16)
    path = folder() / place
    fresh = path.with_suffix(".part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(cipher().seal_bytes(data, _bound(place)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return place


def take_up(place: str) -> bytes:
    """The bytes at a place; blocks. Raises FileNotFoundError, CipherError where they lie at another's place."""
    return cipher().open_bytes((folder() / place).read_bytes(), _bound(place))


def clear(place: str) -> None:
    """Erase the bytes at a place; nothing where there are none."""
    (folder() / place).unlink(missing_ok=True)


def left_behind(before: datetime) -> Iterator[str]:
    """The places of whole files that were written before a moment; what was never finished by then is erased."""
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= before.timestamp():
                continue
        if path.suffix == ".part":
            path.unlink(missing_ok=True)
        elif _PLACE.fullmatch(path.name):
            yield path.name


def _bound(place: str) -> str:
    return f"stored_file.{place}"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
