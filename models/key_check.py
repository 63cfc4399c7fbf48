"""Proofs of the keys: what a database keeps of each key it was written under, so that no other key is used on it."""

import hmac

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from models.cipher import Cipher, CipherError
from models.keys import KeyFault

INDEX = "index"
_PLACE = "key_check.proof"
_CANARY = "beian"  # what is sealed says nothing; that it opens says all


class KeyCheck(Model):
    """The proof of one key: `name` is `index` or `data.` and the key's id.

    A data key's proof is a text sealed with it, the index key's is a digest.
    """

    name = fields.CharField(max_length=32, primary_key=True)
    proof = fields.CharField(max_length=255)

    class Meta:
        table = "key_check"


async def check_keys(cipher: Cipher, connection: BaseDBAsyncClient) -> dict[str, str]:
    """The proofs that this database lacks of the keys at hand, by name: all of them where it was never written.

    Raises KeyFault where a key of the same name is another one than the database was written under, or where not one
    data key of it is at hand.
    """
    rows = await connection.execute_query_dict("SELECT name, proof FROM key_check")
    kept = {row["name"]: row["proof"] for row in rows}
    proofs = {INDEX: cipher.digest(_CANARY), **_seal(cipher)}
    if INDEX in kept and not hmac.compare_digest(kept[INDEX], proofs[INDEX]):
        raise KeyFault("INDEX_KEY is not the key that this database was written under")
    for name in proofs.keys() & kept.keys() - {INDEX}:
        if not _opens(cipher, kept[name]):
            raise KeyFault(f"DATA_KEYS {_id_in(name)} is not the key that this database was written under")
    if INDEX in kept and not proofs.keys() & kept.keys() - {INDEX}:
        known = ", ".join(sorted(_id_in(name) for name in kept if name != INDEX))
        raise KeyFault(f"DATA_KEYS holds none of the keys that this database was written under ({known})")
    return {name: proof for name, proof in proofs.items() if name not in kept}


async def keep_proofs(proofs: dict[str, str], connection: BaseDBAsyncClient) -> None:
    """Write the proofs of keys that are used on this database for the first time."""
    marks = "?, ?" if connection.capabilities.dialect == "sqlite" else "$1, $2"
    if proofs:
        # by hand: while migrations run, the models are not bound to the connection yet
        await connection.execute_many(
            f"INSERT INTO key_check (name, proof) VALUES ({marks})",  # noqa: S608 - no value in it
            [[name, proof] for name, proof in proofs.items()],
        )


def _seal(cipher: Cipher) -> dict[str, str]:
    return {
        f"data.{key_id}": Cipher({key_id: key}, cipher.index_key).seal(_CANARY, _PLACE)
        for key_id, key in cipher.keys.items()
    }


def _opens(cipher: Cipher, proof: str) -> bool:
    try:
        return cipher.open(proof, _PLACE) == _CANARY
    except CipherError:
        return False


def _id_in(name: str) -> str:
    return name.removeprefix("data.")
