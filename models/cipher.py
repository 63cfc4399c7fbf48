"""Field encryption: AES-256-GCM with key ids, and a keyed blind index for finding an encrypted value by equality."""

import base64
import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# starts with a control character, which no input may hold: typed text can never be taken for a sealed value
PREFIX = "\x01e1."
NONCE_BYTES = 12


class CipherError(Exception):
    """A stored value cannot be opened with the keys at hand."""


@dataclass(frozen=True)
class Cipher:
    """The keys in use: `keys` by id, the first one encrypts; `index_key` makes blind indexes."""

    keys: dict[str, bytes]
    index_key: bytes

    def seal(self, text: str, place: str) -> str:
        """Encrypt `text`; `place` (table.column) is bound to it, so a value moved elsewhere does not open."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        box = AESGCM(key).encrypt(nonce, text.encode(), place.encode())
        return f"{PREFIX}{key_id}.{base64.urlsafe_b64encode(nonce + box).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """Decrypt what `seal` made; raises CipherError for an unknown key, another place or altered bytes."""
        try:
            _, key_id, body = sealed.split(".", 2)
            raw = base64.urlsafe_b64decode(body)
            plain = AESGCM(self.keys[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except (ValueError, KeyError, InvalidTag) as error:
            raise CipherError(f"a value of {place} does not open with the keys at hand") from error
        return plain.decode()

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """Encrypt `data` as `seal` does a text; gives the key's id, a full stop, and the box."""
        key_id, key = next(iter(self.keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        return key_id.encode() + b"." + nonce + AESGCM(key).encrypt(nonce, data, place.encode())

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what `seal_bytes` made; raises CipherError as `open` does."""
        key_id, _, raw = sealed.partition(b".")
        try:
            return AESGCM(self.keys[key_id.decode()]).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode()
            )
        except (ValueError, KeyError, InvalidTag) as error:
            raise CipherError(f"a value of {place} does not open with the keys at hand") from error

    def index(self, text: str) -> str:
        """The blind index of `text`: equal for equal values whatever their width and case; 32 hex digits."""
        normal = unicodedata.normalize("NFKC", text).strip().upper()
        return hmac.new(self.index_key, normal.encode(), hashlib.sha256).hexdigest()[:32]

    def digest(self, text: str) -> str:
        """A keyed digest of exactly `text`: 64 hex digits that tell nothing of it to who has not the key."""
        return hmac.new(self.index_key, text.encode(), hashlib.sha256).hexdigest()


_in_use: list[Cipher] = []


def use_cipher(cipher: Cipher) -> None:
    """Set the keys of this process; called once while the database is opened."""
    _in_use[:] = [cipher]


def cipher() -> Cipher:
    """The keys of this process; CipherError before `use_cipher`."""
    if not _in_use:
        raise CipherError("no keys are loaded yet")
    return _in_use[0]
