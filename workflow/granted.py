"""What a password grant (备案密码授权) opens, when it is given in the place of the filing password."""

import hashlib
import hmac

from models.clock import now
from models.filing import FilingPassword, PasswordGrant
from models.states import FilingAction

PREFIX = "bgr_"


async def grant_holds(text: str, subject_id: int, action: FilingAction) -> int | None:
    """The generation of the subject's password that a grant stands for, None where it does not open this action.

    A grant ends by its time, by being revoked, with the generation of the password, and with the account that gave it:
    disabled, or no longer the subject's owner or typist.
    """
    public_id, _, secret = text.removeprefix(PREFIX).partition("_")
    grant = await PasswordGrant.get_or_none(public_id=public_id[:16]).prefetch_related("account", "subject")
    digest = hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
    right = hmac.compare_digest(digest, grant.secret_hash if grant else "-" * 64)
    if grant is None or not right or grant.subject_id != subject_id or action.value not in grant.actions:
        return None
    if grant.revoked_at is not None or grant.expires_at <= now() or grant.account.disabled:
        return None
    if grant.account_id not in (grant.subject.owner_id, grant.subject.filed_by_id):
        return None
    kept = await FilingPassword.get_or_none(subject_id=subject_id)
    return grant.generation if kept is not None and kept.generation == grant.generation else None
