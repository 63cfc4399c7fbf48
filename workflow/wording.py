"""Wording: what people may write in words, such as a remark, a reason or an answer."""

import unicodedata

LONGEST_TEXT = 2000
UNWRITABLE = ("含有不能保存的字符", "it holds characters that cannot be stored")


def is_writable(text: str) -> bool:
    """Whether a remark in words can be stored: line ends and tabs, but no other control and no broken character."""
    return all(sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cs") for sign in text)
