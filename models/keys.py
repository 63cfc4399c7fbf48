"""The key files: made on first start, kept in `var/` readable by their owner only, or given by settings."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from models.cipher import Cipher

KEY_BYTES = 32


class KeyFault(Exception):
    """A key that was given or kept is not usable; the text says which and why."""


def load_cipher(var_dir: Path, data_keys: str | None, index_key: str | None) -> Cipher:
    """The process's cipher from `data_keys` ("k2:base64,k1:base64", first encrypts) and `index_key` (base64).

    What is None is read from `var_dir`, and made there first if missing. Raises KeyFault for a malformed key.
    """
    keys_text = data_keys or _kept(var_dir / "data.keys", lambda: f"k1:{_fresh()}")
    index_text = index_key or _kept(var_dir / "index.key", _fresh)
    keys = dict(_named_key(item) for item in keys_text.split(",") if item.strip())
    if not keys:
        raise KeyFault("DATA_KEYS holds no key")
    return Cipher(keys=keys, index_key=_key("INDEX_KEY", index_text))


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _named_key(item: str) -> tuple[str, bytes]:
    name, separator, body = item.strip().partition(":")
    if not separator or not name.isalnum():
        raise KeyFault("DATA_KEYS: each key is written NAME:BASE64")
    return name, _key(f"DATA_KEYS {name}", body)


def _key(name: str, body: str) -> bytes:
    try:
        raw = base64.b64decode(body.strip(), validate=True)
    except binascii.Error as error:
        raise KeyFault(f"{name} is not base64") from error
    if len(raw) != KEY_BYTES:
        raise KeyFault(f"{name} must be {KEY_BYTES} bytes, not {len(raw)}")
    return raw


def _kept(path: Path, make: Callable[[], str]) -> str:
    """The text kept in `path`; made and written 0600 where there is none, safe against two first starts at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        text = make()
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: then its key is the one
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()
