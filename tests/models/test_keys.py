"""The keys: made once, readable by their owner alone, and refused when they are none."""

import base64
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

import pytest

from models.keys import KeyFault, load_cipher

KEY = base64.b64encode(b"k" * 32).decode()
OTHER = base64.b64encode(b"o" * 32).decode()


def test_keys_are_made_on_first_start_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = load_cipher(folder, None, None)
    assert load_cipher(folder, None, None) == first
    assert list(first.keys) == ["k1"]
    assert len(first.index_key) == len(first.keys["k1"]) == 32
    assert sorted(path.name for path in folder.iterdir()) == ["data.keys", "index.key"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert load_cipher(tmp_path / "elsewhere", None, None) != first


def test_two_first_starts_at_once_agree_on_one_key(tmp_path: Path) -> None:
    folders = [tmp_path / str(round_ // 4) for round_ in range(40)]  # four tries at each of ten
    with ProcessPoolExecutor(4, get_context("spawn")) as processes:
        made = list(processes.map(load_cipher, folders, repeat(None), repeat(None)))
    for place in range(0, 40, 4):
        assert all(cipher == made[place] for cipher in made[place : place + 4])


def test_keys_that_are_given_are_used_and_nothing_is_written(tmp_path: Path) -> None:
    cipher = load_cipher(tmp_path, f"k2:{KEY}, k1:{OTHER}", OTHER)
    assert list(cipher.keys.items()) == [("k2", b"k" * 32), ("k1", b"o" * 32)]
    assert cipher.index_key == b"o" * 32
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data_keys", "index_key", "words"),
    [
        (KEY, KEY, "DATA_KEYS: each key is written NAME:BASE64"),
        (":" + KEY, KEY, "DATA_KEYS: each key is written NAME:BASE64"),
        ("k1:!!", KEY, "DATA_KEYS k1 is not base64"),
        ("k1:AAAA", KEY, "DATA_KEYS k1 must be 32 bytes, not 3"),
        (" , ", KEY, "DATA_KEYS holds no key"),
        (f"k1:{KEY}", "AAAA", "INDEX_KEY must be 32 bytes, not 3"),
    ],
)
def test_a_key_that_is_none_is_named_and_not_shown(
    tmp_path: Path, data_keys: str, index_key: str, words: str
) -> None:
    with pytest.raises(KeyFault) as told:
        load_cipher(tmp_path, data_keys, index_key)
    assert str(told.value) == words
    assert KEY not in str(told.value)
