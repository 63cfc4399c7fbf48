"""What an operator may set: every BEIAN_ variable, its default, its check and its meaning."""

import difflib
import os
import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from setting_checks import (
    as_available,
    as_data_keys,
    as_database_url,
    as_kinds,
    as_mail_url,
    as_networks,
    as_origin,
    is_key,
    secret_that,
)

ROOT = Path(__file__).resolve().parent
PREFIX = "BEIAN_"


class SettingsError(Exception):
    """A setting that cannot be used; its text is one line that names the variable, never its value."""


NameAndPassword = Annotated[
    SecretStr, secret_that(re.compile(r"[^:\s]+:.+").fullmatch, "must be NAME:PASSWORD")
]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(as_networks)]


class FileSource(PydanticBaseSettingsSource):
    """Reads `BEIAN_X` from the file that `BEIAN_X_FILE` names, less one line end (container secrets)."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Gives the file's text for the field, or None; raises SettingsError for an unreadable file."""
        name = PREFIX + field_name.upper()
        if not (path := os.environ.get(f"{name}_FILE")):
            return None, field_name, False
        if os.environ.get(name):
            raise SettingsError(f"{name}: given twice, also as {name}_FILE")
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise SettingsError(f"{name}_FILE: cannot be read ({type(error).__name__})") from error
        return text.removesuffix("\n").removesuffix("\r"), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Gives every field that a file sets."""
        found = [self.get_field_value(field, name) for name, field in self.settings_cls.model_fields.items()]
        return {name: value for value, name, _ in found if value is not None}


class Settings(BaseSettings):
    """All settings, checked and frozen; paths and `sqlite:`/`file:` URLs in it are absolute."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    role: Literal["all", "web", "worker"] = Field(
        "all", description="`web` serves, `worker` carries mail and reports, `all` does both."
    )
    var_dir: Path = Field(Path("var"), description="Folder for all data; made with mode 0700.")
    database_url: Annotated[str, AfterValidator(as_database_url)] = Field(
        "sqlite://var/beian.db",
        repr=False,
        description="`sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.",
    )
    mail_url: Annotated[str, AfterValidator(as_mail_url)] = Field(
        "file:var/mail",
        repr=False,
        description="`file:FOLDER` (one .eml a mail), `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…`.",
    )
    mail_from: str = Field(
        "beian@localhost",
        pattern=r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,190}$",
        description="Sender's address of every mail.",
    )
    public_url: Annotated[str, AfterValidator(as_origin)] = Field(
        "", description="Origin that browsers use; empty: `http://HOST:PORT`. https makes the cookie Secure."
    )
    trusted_proxies: Networks = Field(
        (), description="Networks (CIDR, comma between) whose X-Forwarded-For and -Proto are believed."
    )
    introspection: Literal["signed-in", "public"] = Field(
        "signed-in", description="Who may ask for the schema: signed-in callers and tokens, or everyone."
    )
    captcha: bool = Field(True, description="`off` only for tests and demonstrations; said loudly at start.")
    bootstrap_admin: NameAndPassword | None = Field(
        None, description="`NAME:PASSWORD` of the administrator made at start while there is no account."
    )
    metrics_token: (
        Annotated[SecretStr, secret_that(re.compile(r".{16,}").fullmatch, "needs 16 characters or more")]
        | None
    ) = Field(None, description="Bearer token that opens `/metrics` beyond loopback; 16 characters or more.")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = Field(
        "info", description="Least severe line of the log that is written."
    )
    data_keys: Annotated[SecretStr, AfterValidator(as_data_keys)] | None = Field(
        None,
        description="Keys of encrypted fields, `ID:BASE64` of 32 bytes, comma between; the first encrypts. "
        "Not given: made and kept in `var/`.",
    )
    index_key: Annotated[SecretStr, secret_that(is_key, "must be BASE64 of 32 bytes")] | None = Field(
        None, description="Key of the blind index, BASE64 of 32 bytes. Not given: made and kept in `var/`."
    )
    authority: Annotated[Literal["simulator", "manual", "soap"], AfterValidator(as_available)] = Field(
        "simulator", description="How filings reach the authority (管局); `soap` is not available yet."
    )
    simulator_delay: float = Field(2.0, ge=0, le=86400, description="Seconds until the simulator decides.")
    simulator_last_access: Literal["refuse", "allow"] = Field(
        "refuse", description="Whether the simulator lets a website's only access be cancelled (else 1025)."
    )
    filing_password: Annotated[Literal["local", "authority"], AfterValidator(as_available)] = Field(
        "local",
        description="Who makes and checks filing passwords (备案密码); `authority` comes with `soap`.",
    )
    self_review: Literal["refuse", "allow"] = Field(
        "refuse", description="`allow`: a reviewer may decide what he owns or typed (one-person provider)."
    )
    coexistence: Literal["strict", "loose"] = Field(
        "strict",
        description="Which filings of a subject may stand side by side: `strict` (one at a time) or `loose`.",
    )
    four_eyes: Annotated[tuple[str, ...], NoDecode, BeforeValidator(as_kinds)] = Field(
        ("CANCEL_SUBJECT",), description="Kinds of filing that two reviewers must approve, comma between."
    )
    documents: Literal["warn", "required"] = Field(
        "warn",
        description="Whether a filing without its documents (证件, 核验单) is warned of or cannot be submitted.",
    )
    provider_name: str = Field("", max_length=120, description="Name of the access provider (接入商).")
    provider_licence: str = Field("", max_length=60, description="Number of the provider's telecom licence.")
    provider_filing_number: str = Field("", max_length=40, description="The provider's own 备案号.")
    provider_telephone: str = Field("", max_length=40, description="Service telephone shown to customers.")
    provider_service_hours: str = Field(
        "周一至周五 8:30-17:30", max_length=60, description="Service hours shown to customers."
    )
    provider_copyright_years: str = Field("", max_length=20, description="Years of the copyright line.")
    provider_division: str = Field(
        "210000",
        pattern=r"^[1-9][0-9]{5}$",
        description="Division code (行政区划) of the provider's province.",
    )
    provider_ip_ranges: Networks = Field(
        (), description="Networks (CIDR) of the provider; empty leaves rule MIIT-1063 to the authority."
    )
    gate_grace_hours: int = Field(
        0,
        ge=0,
        le=720,
        description="Hours in which a host that ceased to be in force is answered GRACE, not DENY; 0: none.",
    )
    web: bool = Field(True, description="`off`: do not fetch the browser pages' libraries at start.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the files it names; no .env file is read."""
        return init_settings, env_settings, FileSource(settings_cls)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        host = f"[{self.host}]" if ":" in self.host else self.host
        # a frozen model is completed past its own setter
        self.__dict__["public_url"] = self.public_url or as_origin(f"http://{host}:{self.port}")
        self.__dict__["var_dir"] = ROOT / self.var_dir
        for name, scheme in (("database_url", "sqlite://"), ("mail_url", "file:")):
            value: str = getattr(self, name)
            if value.startswith(scheme):
                first, _, rest = value.removeprefix(scheme).partition("/")
                path = self.var_dir / rest if first == "var" else ROOT / value.removeprefix(scheme)
                self.__dict__[name] = f"{scheme}{path}"
        return self

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.database_url.startswith("sqlite://")

    @property
    def is_https(self) -> bool:
        """Whether browsers come by https, so that the cookie is Secure."""
        return self.public_url.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """The session cookie's name; over https a browser takes one so named from this very host alone."""
        return "__Host-beian" if self.is_https else "beian"

    @property
    def is_loopback(self) -> bool:
        """Whether the public URL names this machine alone."""
        host = urlsplit(self.public_url).hostname or ""
        return re.fullmatch(r"localhost|127(\.[0-9]{1,3}){3}|::1", host) is not None


def load(**given: Any) -> Settings:
    """Reads the environment (arguments win) and gives checked settings.

    Raises SettingsError, in one line, for the first variable that cannot be used.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def name_unknown() -> list[str]:
    """Gives one sentence for each BEIAN_ variable that nothing reads, with the nearest known name."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    sentences = []
    for name in sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known):
        near = difflib.get_close_matches(name, known, n=1)
        sentences.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    return sentences


_in_use: list[Settings] = []


def use(settings: Settings) -> None:
    """Makes these the settings that `current` gives; the front door and the tests call it, nobody else."""
    _in_use[:] = [settings]


def current() -> Settings:
    """Gives the settings in use; raises RuntimeError before `use` was called."""
    if not _in_use:
        raise RuntimeError("settings.use(settings) has not been called")
    return _in_use[0]
