"""Where the browser of these tests comes from, and what is said where none can be had."""

from pathlib import Path

import pytest

from tests.browser import finding
from tests.browser.finding import NoBrowser, find_browser


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without a browser, with one empty folder on PATH."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(finding, "FETCHED", tmp_path / "fetched")
    return folder


def make_program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n", encoding="ascii")
    path.chmod(0o755)
    return path


def test_the_browser_that_is_named_goes_before_the_one_on_path(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_path = make_program(bare / "google-chrome")
    assert find_browser().path == on_path

    named = make_program(tmp_path / "my-browser")
    monkeypatch.setenv("CHROMIUM", str(named))
    assert find_browser().path == named


def test_a_named_browser_that_is_not_there_is_told_and_no_other_is_taken(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_program(bare / "chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")

    with pytest.raises(NoBrowser, match="CHROMIUM=/nowhere/chromium is no program"):
        find_browser()


def test_without_browser_and_npm_it_is_said_how_to_get_one(
    bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")

    with pytest.raises(
        NoBrowser, match=r"install one \(apt-get install chromium\), name one \(CHROMIUM=PATH\)"
    ):
        find_browser()
    assert list((tmp_path / "fetched").iterdir()) == []
