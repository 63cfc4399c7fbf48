"""The filing password (备案密码) as it travels in an upload."""

import hashlib


def travelling(password: str) -> str:
    """Give the password as an upload carries it (ICPmm): the MD5 of its GBK bytes in lower-case hex, 32 characters.

    The specification asks for MD5. A character that GBK has not becomes "?": no authority issued such a password.
    """
    return hashlib.md5(password.encode("gbk", "replace"), usedforsecurity=False).hexdigest()
