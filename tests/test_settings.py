"""The settings: defaults, checks, files, and that the page tells them all."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import pytest

import settings
from settings import SettingsError, load, name_unknown

ROOT = Path(__file__).resolve().parent.parent
KEY = base64.b64encode(b"k" * 32).decode()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("BEIAN_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_those_of_the_contract() -> None:
    found = load()

    assert (found.host, found.port, found.role) == ("127.0.0.1", 8000, "all")
    assert found.database_url == f"sqlite://{ROOT}/var/beian.db"
    assert found.mail_url == f"file:{ROOT}/var/mail"
    assert (found.authority, found.simulator_delay, found.filing_password) == ("simulator", 2.0, "local")
    assert found.simulator_last_access == "refuse"
    assert found.public_url == "http://127.0.0.1:8000"
    assert (found.trusted_proxies, found.introspection, found.captcha) == ((), "signed-in", True)
    assert (found.provider_division, found.provider_ip_ranges) == ("210000", ())
    assert (found.bootstrap_admin, found.metrics_token, found.data_keys, found.index_key) == (None,) * 4


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "abc", "BEIAN_PORT: Input should be a valid integer, unable to parse string as an integer"),
        ("PORT", "0", "BEIAN_PORT: Input should be greater than or equal to 1"),
        ("PORT", "65536", "BEIAN_PORT: Input should be less than or equal to 65535"),
        ("AUTHORITY", "soap", "BEIAN_AUTHORITY: soap is not available yet"),
        ("AUTHORITY", "oracle", "BEIAN_AUTHORITY: Input should be 'simulator', 'manual' or 'soap'"),
        ("SIMULATOR_LAST_ACCESS", "no", "BEIAN_SIMULATOR_LAST_ACCESS: Input should be 'refuse' or 'allow'"),
        ("FILING_PASSWORD", "authority", "BEIAN_FILING_PASSWORD: authority is not available yet"),
        ("DATABASE_URL", "mysql://db/x", "BEIAN_DATABASE_URL: must begin with sqlite:// or postgres://"),
        (
            "DATABASE_URL",
            "sqlite://:memory:",
            "BEIAN_DATABASE_URL: needs a file: several connections share the database",
        ),
        (
            "DATABASE_URL",
            "postgres://u:p@h:port/x",
            "BEIAN_DATABASE_URL: must be postgres://USER:PASSWORD@HOST:PORT/NAME",
        ),
        (
            "MAIL_URL",
            "http://mail",
            "BEIAN_MAIL_URL: must be file:FOLDER, smtp://USER:PASSWORD@HOST:PORT or smtps://…",
        ),
        (
            "PUBLIC_URL",
            "https://a.cn/x",
            "BEIAN_PUBLIC_URL: must be http://HOST:PORT or https://HOST, without a path",
        ),
        (
            "PUBLIC_URL",
            "ftp://a.cn",
            "BEIAN_PUBLIC_URL: must be http://HOST:PORT or https://HOST, without a path",
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.1/8",
            "BEIAN_TRUSTED_PROXIES: must be networks such as 10.0.0.0/8, comma between",
        ),
        (
            "DATA_KEYS",
            "k1:c2hvcnQ=",
            "BEIAN_DATA_KEYS: must be ID:BASE64 of 32 bytes, comma between; ID of a-z and 0-9",
        ),
        ("DATA_KEYS", f"k1:{KEY},k1:{KEY}", "BEIAN_DATA_KEYS: names a key twice"),
        ("INDEX_KEY", "x", "BEIAN_INDEX_KEY: must be BASE64 of 32 bytes"),
        ("BOOTSTRAP_ADMIN", "admin", "BEIAN_BOOTSTRAP_ADMIN: must be NAME:PASSWORD"),
        ("METRICS_TOKEN", "short", "BEIAN_METRICS_TOKEN: needs 16 characters or more"),
        ("LOG_LEVEL", "loud", "BEIAN_LOG_LEVEL: Input should be 'debug', 'info', 'warning' or 'error'"),
        (
            "PROVIDER_DIVISION",
            "012345",
            "BEIAN_PROVIDER_DIVISION: String should match pattern '^[1-9][0-9]{5}$'",
        ),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(f"BEIAN_{name}", value)

    with pytest.raises(SettingsError) as refusal:
        load()

    assert str(refusal.value) == line


def test_a_setting_may_come_from_a_file_less_one_line_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "name"
    file.write_text("某接入商\n\n", encoding="utf-8")
    monkeypatch.setenv("BEIAN_PROVIDER_NAME_FILE", str(file))

    assert load().provider_name == "某接入商\n"


def test_a_setting_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9000", encoding="utf-8")
    monkeypatch.setenv("BEIAN_PORT", "9000")
    monkeypatch.setenv("BEIAN_PORT_FILE", str(tmp_path / "port"))

    with pytest.raises(SettingsError, match=r"^BEIAN_PORT: given twice, also as BEIAN_PORT_FILE$"):
        load()


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BEIAN_PORT_FILE", str(tmp_path / "none"))

    with pytest.raises(SettingsError, match=r"^BEIAN_PORT_FILE: cannot be read \(FileNotFoundError\)$"):
        load()


def test_paths_follow_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BEIAN_VAR_DIR", str(tmp_path))

    found = load(mail_url="file:letters")

    assert found.database_url == f"sqlite://{tmp_path}/beian.db"
    assert found.mail_url == f"file:{ROOT}/letters"


@pytest.mark.parametrize(
    ("given", "origin", "is_https", "is_loopback"),
    [
        ("https://Beian.Example.CN/", "https://beian.example.cn", True, False),
        ("https://beian.example.cn:443", "https://beian.example.cn", True, False),
        ("http://localhost:8080", "http://localhost:8080", False, True),
        ("http://[::1]:80", "http://[::1]", False, True),
        ("http://127.9.9.9", "http://127.9.9.9", False, True),
        ("http://10.0.0.5", "http://10.0.0.5", False, False),
    ],
)
def test_the_public_url_is_kept_as_browsers_write_an_origin(
    given: str, origin: str, is_https: bool, is_loopback: bool
) -> None:
    found = load(public_url=given)

    assert (found.public_url, found.is_https, found.is_loopback) == (origin, is_https, is_loopback)


def test_an_ipv6_host_stands_in_brackets_in_the_public_url() -> None:
    assert load(host="::1", port=9000).public_url == "http://[::1]:9000"


def test_secrets_are_not_shown_where_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEIAN_DATABASE_URL", "postgres://u:pa55word@db/beian")
    monkeypatch.setenv("BEIAN_MAIL_URL", "smtp://u:pa55word@mail:25")
    monkeypatch.setenv("BEIAN_BOOTSTRAP_ADMIN", "admin:pa55word")

    assert "pa55word" not in repr(load())


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().port = 1  # type: ignore[misc]


def test_an_unknown_variable_is_pointed_out_with_its_nearest_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEIAN_PROT", "9000")
    monkeypatch.setenv("BEIAN_PORT_FILE", "")

    assert name_unknown() == ["BEIAN_PROT is not a setting; did you mean BEIAN_PORT?"]


def test_the_settings_in_use_must_have_been_laid_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "_in_use", [])

    with pytest.raises(RuntimeError):
        settings.current()

    laid = load()
    settings.use(laid)
    assert settings.current() is laid


def test_the_page_tells_every_setting_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `BEIAN_([A-Z_]+)` \| (`[^`]*`|—) \| .+ \|$", page, flags=re.MULTILINE))

    assert set(told) == {name.upper() for name in settings.Settings.model_fields}
    for name, field in settings.Settings.model_fields.items():
        value = field.default
        if isinstance(value, bool):
            value = "on" if value else "off"
        if isinstance(value, tuple):
            value = ",".join(value)
        shown = "—" if value in (None, "", ()) else f"`{value}`".replace(".0`", "`")
        assert told[name.upper()] == shown, name


def test_importing_the_settings_reads_nothing() -> None:
    code = "import settings, sys; sys.exit(len(settings._in_use))"
    environment = {"BEIAN_PORT": "not a number"}

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=False, timeout=60)

    assert done.returncode == 0


def test_the_cookies_name_follows_the_public_url() -> None:
    assert load(public_url="https://beian.example.cn").cookie_name == "__Host-beian"
    assert load(public_url="http://127.0.0.1:8000").cookie_name == "beian"
