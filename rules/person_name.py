"""Personal names (姓名): two Chinese characters or more, or a Latin name."""

import re

from rules.catalogue import PERSON_NAME
from rules.findings import Finding, Path, Words

_CHINESE = re.compile(r"[\u3007\u4e00-\u9fff][\u3007\u4e00-\u9fff·]*[\u3007\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z .,'-]*[A-Za-z.]")

_FORM = Words("应为两个以上汉字，或拉丁字母姓名", "two Chinese characters or more, or a Latin name")


def judge_person_name(name: str, path: Path) -> Finding | None:
    """A finding where the text cannot be a person's name."""
    return None if _CHINESE.fullmatch(name) or _LATIN.fullmatch(name) else PERSON_NAME.at(path, _FORM)
