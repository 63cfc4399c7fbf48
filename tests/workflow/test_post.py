"""The post against a real SMTP server: delivered, delayed, refused, repeated, and nothing kept that was secret."""

import asyncio
import json
import ssl
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tortoise.connection import get_connection

import settings as settings_module
from models.clock import now
from models.event import FilingEvent
from models.outbox import OutboxMessage
from models.states import FilingAction, OutboxKind, OutboxState
from models.unit_of_work import unit_of_work
from settings import Settings
from tests.support.mail_host import Host
from tests.workflow.ledger_rows import Rows, make_rows
from workflow.outbox import ring
from workflow.post import carry_mail, compose, queue_mail
from workflow.templates import Unmailable

PASSWORD = "Kv7mQ2xW9bTe"
ADDRESS = "zhang.wei@example.com"
DATA = {"subject": "大连示例科技有限公司", "number": "辽ICP备2026000001号", "password": PASSWORD}


@pytest.fixture
async def host() -> AsyncIterator[Host]:
    server = Host()
    yield server
    await server.down()


@pytest.fixture
async def rows(db: str) -> Rows:
    return await make_rows()


@pytest.fixture
async def carrying(rows: Rows, host: Host, settings: Settings) -> AsyncIterator[Callable[[str], None]]:
    """Starts the mail courier on a mail URL, and stops it."""
    stop = asyncio.Event()
    tasks = []

    def start(url: str) -> None:
        settings_module.use(
            settings.model_copy(update={"mail_url": url, "mail_from": "beian@provider.example"})
        )
        tasks.append(asyncio.create_task(carry_mail(stop)))

    yield start
    stop.set()
    await asyncio.gather(*tasks)
    settings_module.use(settings)


async def post(
    rows: Rows | None, to: str = ADDRESS, data: dict[str, str] = DATA, key: str = "filing_password:1"
) -> None:
    await unit_of_work(
        lambda: queue_mail(
            "filing_password",
            to,
            data,
            key=key,
            lane=f"lane {key}",
            filing_id=rows.filing if rows else None,
            subject_id=rows.subject if rows else None,
        )
    )
    ring(OutboxKind.MAIL)


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        await asyncio.sleep(0.02)


async def is_done() -> bool:
    return await OutboxMessage.filter(state=OutboxState.DONE).exists()


async def is_parked() -> bool:
    return await OutboxMessage.filter(state=OutboxState.PARKED).exists()


async def was_tried() -> bool:
    return await OutboxMessage.exclude(last_error=None).exists()


async def make_due() -> None:
    await unit_of_work(lambda: OutboxMessage.all().update(due_at=now()))
    ring(OutboxKind.MAIL)


async def timeline() -> list[tuple[FilingAction, str | None]]:
    events = await FilingEvent.all().order_by("id")
    assert {event.actor for event in events} <= {"system:post"}
    return [(event.action, event.note) for event in events]


QUEUED = (FilingAction.SEND_MAIL, "queued: filing_password → z***@example.com")


@pytest.mark.shows("C47", "C49", "C24")
async def test_a_mail_reaches_its_server_and_the_timeline_tells_it(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(is_done)
    [mail] = host.mailbox.taken
    assert mail["To"] == ADDRESS
    assert mail["From"] == "beian@provider.example"
    assert mail["Subject"] == "【备案】您的备案密码 / Your filing password"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"].endswith("@provider.example>")
    assert mail.get_content_type() == "text/plain"
    assert all(value in mail.get_content() for value in DATA.values())
    events = await FilingEvent.all().order_by("id")
    assert [(event.subject_id, event.filing_id, event.version) for event in events] == [
        (rows.subject, rows.filing, None)
    ] * 2
    sent = "sent: filing_password → z***@example.com: 250 2.0.0 queued as 4242"
    assert await timeline() == [QUEUED, (FilingAction.SEND_MAIL, sent)]


@pytest.mark.shows("C48")
async def test_the_filing_password_is_gone_from_every_table_once_it_is_sent(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(is_done)
    assert (await OutboxMessage.get()).payload is None
    reader = get_connection("default")
    for table in ("outbox", "filing_event", "audit_entry", "subject", "filing"):
        assert PASSWORD not in json.dumps(
            await reader.execute_query_dict(f"SELECT * FROM {table}"), default=str
        )


async def test_a_server_that_says_not_now_only_delays_the_mail(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    host.mailbox.recipient_answers = [f"451 4.7.1 <{ADDRESS}> greylisted, zhang.wei is new here"]
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(was_tried)
    message = await OutboxMessage.get()
    assert message.state is OutboxState.WAITING
    assert message.last_error == "451 4.7.1 <z***@example.com> greylisted, z*** is new here"
    assert message.due_at > message.created_at + timedelta(seconds=1)
    assert await timeline() == [QUEUED]
    await make_due()
    await until(is_done)
    message = await OutboxMessage.get()
    assert (message.attempts, message.last_error) == (2, None)
    assert len(host.mailbox.taken) == 1


@pytest.mark.shows("C49")
async def test_a_recipient_refused_for_good_is_set_aside_and_told_without_his_address(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    host.mailbox.recipient_answers = [f"550 5.1.1 <{ADDRESS}>: unknown"]
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(is_parked)
    message = await OutboxMessage.get()
    assert (message.attempts, message.payload, message.leased_by) == (1, None, None)
    assert message.last_error == "550 5.1.1 <z***@example.com>: unknown"
    failed = "failed: filing_password → z***@example.com: 550 5.1.1 <z***@example.com>: unknown"
    assert await timeline() == [QUEUED, (FilingAction.MAIL_FAILED, failed)]
    assert host.mailbox.taken == []


async def test_a_mail_refused_for_good_behind_its_data_is_set_aside_too(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    host.mailbox.data_answers = ["554 5.7.1 rejected by policy"]
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(is_parked)
    assert (await OutboxMessage.get()).last_error == "554 5.7.1 rejected by policy"


async def test_a_server_that_is_down_gets_the_mail_when_it_is_back(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(was_tried)
    message = await OutboxMessage.get()
    assert (message.state, message.last_error) == (OutboxState.WAITING, "no answer: SMTPConnectError")
    await host.up()
    await make_due()
    await until(is_done)
    assert len(host.mailbox.taken) == 1


async def test_a_mail_whose_answer_was_lost_goes_out_again_under_the_same_id(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    host.mailbox.hang_up_after_data = 1
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(was_tried)
    await make_due()
    await until(is_done)
    first, second = host.mailbox.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


async def test_a_refused_login_delays_and_a_right_one_delivers(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    known: list[bytes] = []

    def authenticate(*args: object) -> AuthResult:
        return AuthResult(success=bool(known), handled=False)

    await host.up(authenticator=authenticate, auth_require_tls=False)
    carrying(f"smtp://post%40x:s%2Fecret@127.0.0.1:{host.port}")
    await post(rows)
    await until(was_tried)
    message = await OutboxMessage.get()
    assert message.state is OutboxState.WAITING
    assert (message.last_error or "").startswith("535 ")
    known.append(b"post@x")
    await make_due()
    await until(is_done)


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return context, path


async def test_tls_is_used_when_offered_and_a_certificate_nobody_vouches_for_delays(
    rows: Rows,
    host: Host,
    carrying: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    context, path = make_certificate(tmp_path)
    await host.up(tls_context=context, require_starttls=True)
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows)
    await until(was_tried)
    assert (await OutboxMessage.get()).state is OutboxState.WAITING
    assert host.mailbox.taken == []
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    await make_due()
    await until(is_done)
    assert len(host.mailbox.taken) == 1


async def test_a_name_made_to_break_into_the_headers_stays_in_the_body(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(
        rows, data=DATA | {"subject": "=?utf-8?q?hi=0ABcc:_evil@example.com?=\r\nBcc: evil@example.com"}
    )
    await until(is_done)
    [mail] = host.mailbox.taken
    assert sorted(mail.keys()) == sorted(
        [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ]
    )
    assert "=?utf-8?q?hi=0ABcc:_evil@example.com?=  Bcc" not in str(mail["Subject"])
    assert "=?utf-8?q?hi=0ABcc:_evil@example.com?= Bcc: evil@example.com" in mail.get_content()


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "a@b.cn\nBcc: evil@example.com",
        "a@b.cn\r\nBcc: evil@example.com",
        "a\x00@b.cn",
        "=?utf-8?q?hi=0ABcc:_evil@example.com?=",
        "=?x?=@example.com",
        "a@b.cn, evil@example.com",
        "A <a@b.cn>",
    ],
)
async def test_an_address_that_is_none_is_set_aside_before_any_server_sees_it(
    rows: Rows, host: Host, carrying: Callable[[str], None], to: str
) -> None:
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(rows, to=to)
    await until(is_parked)
    assert host.mailbox.taken == []
    assert [action for action, _ in await timeline()] == [FilingAction.SEND_MAIL, FilingAction.MAIL_FAILED]


async def test_of_several_addresses_the_first_gets_it(rows: Rows) -> None:
    await post(rows, to="li@例子.中国; zhang@example.com")
    assert compose(await OutboxMessage.get())["To"] == "li@xn--fsqu00a.xn--fiqs8s"


async def test_a_sender_made_to_break_into_the_headers_is_refused(rows: Rows, settings: Settings) -> None:
    await post(rows)
    settings_module.use(settings.model_copy(update={"mail_from": "=?utf-8?q?a=0AB?=@example.com"}))
    with pytest.raises(Unmailable):
        compose(await OutboxMessage.get())
    settings_module.use(settings)


async def test_a_mail_about_no_record_leaves_no_event(
    rows: Rows, host: Host, carrying: Callable[[str], None]
) -> None:
    await host.up()
    carrying(f"smtp://127.0.0.1:{host.port}")
    await post(None)
    await until(is_done)
    assert await timeline() == []


async def test_a_folder_keeps_each_mail_as_one_file_that_only_its_owner_reads(
    rows: Rows, carrying: Callable[[str], None], tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    carrying(f"file:{folder}")
    await post(rows)
    await until(is_done)
    [file] = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.suffix == ".eml"
    assert PASSWORD.encode() in file.read_bytes()
    assert "备案密码".encode() in file.read_bytes()
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == ADDRESS
    sent = f"sent: filing_password → z***@example.com: written to {file.name}"
    assert await timeline() == [QUEUED, (FilingAction.SEND_MAIL, sent)]


async def test_a_mail_written_again_replaces_its_file(
    rows: Rows, carrying: Callable[[str], None], tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    await post(rows)
    payload = (await OutboxMessage.get()).payload
    carrying(f"file:{folder}")
    await until(is_done)
    await unit_of_work(
        lambda: OutboxMessage.all().update(state=OutboxState.WAITING, payload=payload, due_at=now())
    )
    await until(is_done)
    assert len(list(folder.iterdir())) == 1


async def test_a_folder_that_cannot_be_written_only_delays(
    rows: Rows, carrying: Callable[[str], None], tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    folder.write_text("a file stands here")
    carrying(f"file:{folder}")
    await post(rows)
    await until(was_tried)
    message = await OutboxMessage.get()
    assert (message.state, message.last_error) == (OutboxState.WAITING, "file not written: File exists")
    folder.unlink()
    await make_due()
    await until(is_done)
