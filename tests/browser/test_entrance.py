"""The entrance in a browser: landing page, sign-in, captcha, registration, a forgotten password."""

import email
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from email.policy import default

import pytest
from playwright.sync_api import Browser, Page, expect

from models.keys import load_cipher
from tests.browser.people import PASSWORD, Elsewhere
from tests.browser.visiting import Visit
from tests.support.serving import Server

PATHS = ["/", "/app/login?next=/graphiql", "/app/register", "/app/forgot", "/app/reset?token=x", "/graphiql"]


@pytest.fixture
def guarded(browser: Browser, guarded_server: Server) -> Iterator[Visit]:
    """A window on the server that asks for a captcha."""
    window = Visit(browser, guarded_server.url)
    yield window
    window.close()


def sign_in(page: Page, username: str, password: str) -> None:
    page.get_by_label("用户名 User name").fill(username)
    page.get_by_label("密码 Password").fill(password)
    page.get_by_role("button", name="登录 Sign in").click()


def answer_of(server: Server, captcha_id: str) -> str:
    """What the captcha reads, opened with the keys of that server's own folder."""
    var = server.folder / "var"
    with closing(sqlite3.connect(var / "beian.db")) as database:
        (sealed,) = database.execute("SELECT answer FROM captcha WHERE id = ?", (captcha_id,)).fetchone()
    return load_cipher(var, None, None).open(sealed, "captcha.answer")


def shown_captcha(page: Page) -> str:
    """The id of the captcha whose picture is drawn in the page."""
    picture = page.locator("#picture")
    expect(picture).to_have_js_property("naturalWidth", 160)
    return str(picture.get_attribute("src")).removeprefix("/captcha/")


def mailed_link(server: Server) -> str:
    """The path of the link in the only mail about a password."""
    deadline = time.monotonic() + 20
    while not (mails := list((server.folder / "var" / "mail").glob("*.eml"))):
        assert time.monotonic() < deadline, "no mail came"
        time.sleep(0.1)
    text = email.message_from_bytes(mails[0].read_bytes(), policy=default).get_body(("plain",))
    found = re.search(rf"{server.url}(/app/reset\S+)", text.get_content() if text else "")
    assert found is not None
    return found[1]


@pytest.mark.shows("C06")
def test_the_landing_page_says_what_this_is_whom_to_call_and_where_to_go(visit: Visit) -> None:
    page = visit.open("/")

    expect(page.get_by_role("heading", level=1)).to_contain_text("ICP 备案")
    expect(page.locator("#provider")).to_contain_text("400-000-0000，周一至周五 8:30-17:30")
    expect(page.get_by_role("link", name="登录 Sign in")).to_be_visible()
    for link in page.get_by_role("link").all():
        path = link.get_attribute("href")
        assert path is not None
        assert path.startswith("/")
        assert page.request.get(visit.url + path).status == 200, path
    page.get_by_role("link", name="API 控制台").click()
    expect(page).to_have_url(f"{visit.url}/graphiql")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_page_fits_a_telephone_and_a_desk(
    browser: Browser, server: Server, width: int, scheme: str
) -> None:
    window = Visit(browser, server.url, viewport={"width": width, "height": 800}, color_scheme=scheme)
    for path in PATHS:
        page = window.open(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        lightness = page.evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        )
        assert (min(lightness) > 200) == (scheme == "light"), path
    window.close()


@pytest.mark.shows("C01")
def test_a_wrong_password_is_told_beside_the_field_and_the_visitor_stays(
    visit: Visit, applicant: Elsewhere
) -> None:
    page = visit.open("/app/login?next=/graphiql")
    sign_in(page, applicant.username, "not this one, surely")

    expect(page.locator("#password-problem")).to_have_text("用户名或密码不正确")
    field = page.get_by_label("密码 Password")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("aria-describedby", "password-problem")
    expect(field).to_be_focused()
    expect(page).to_have_url(f"{visit.url}/app/login?next=/graphiql")
    assert visit.session_cookies() == []


@pytest.mark.shows("C01")
def test_the_right_password_leads_into_the_console_and_out_again(visit: Visit, applicant: Elsewhere) -> None:
    page = visit.open("/app/login?next=/graphiql")
    sign_in(page, applicant.username, PASSWORD)

    expect(page).to_have_url(f"{visit.url}/graphiql")
    expect(page.locator("#who")).to_contain_text(f"{applicant.username} · APPLICANT")
    assert visit.session_cookies() == ["beian"]
    page.get_by_role("button", name="退出 Sign out").click()
    expect(page.get_by_role("link", name="登录 Sign in")).to_be_visible()
    assert visit.session_cookies() == []


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/?from=mail%23here", "/?from=mail#here"),
        ("https://elsewhere.example/graphiql", "/graphiql"),
        ("//elsewhere.example/graphiql", "/graphiql"),
        ("/%5Celsewhere.example/graphiql", "/graphiql"),
        ("/%09/elsewhere.example/graphiql", "/graphiql"),
        ("/.//elsewhere.example/graphiql", "/graphiql"),
        ("javascript:alert(1)", "/graphiql"),
    ],
)
def test_the_way_on_after_signing_in_is_always_a_page_of_this_site(
    visit: Visit, applicant: Elsewhere, wanted: str, reached: str
) -> None:
    page = visit.open(f"/app/login?next={wanted}")
    sign_in(page, applicant.username, PASSWORD)

    expect(page).to_have_url(visit.url + reached)


@pytest.mark.shows("C01", "C02")
def test_a_captcha_is_drawn_refused_when_wrong_and_answered(guarded: Visit, guarded_server: Server) -> None:
    guarded_server.run("account", "create", "reviewer1", "--role", "reviewer", given=f"{PASSWORD}\n")
    page = guarded.open("/app/login?next=/graphiql")
    first = shown_captcha(page)
    page.get_by_label("验证码 Captcha").fill("00000")
    sign_in(page, "reviewer1", PASSWORD)

    expect(page.locator("#captchaAnswer-problem")).to_have_text("验证码不正确或已失效，请重新获取")
    assert guarded.session_cookies() == []
    second = shown_captcha(page)
    assert second != first
    page.get_by_role("button", name="换一张 Another").click()
    expect(page.locator("#picture")).not_to_have_attribute("src", f"/captcha/{second}")
    page.get_by_label("验证码 Captcha").fill(answer_of(guarded_server, shown_captcha(page)).lower())
    page.get_by_role("button", name="登录 Sign in").click()
    expect(page).to_have_url(f"{guarded.url}/graphiql")
    expect(page.locator("#who")).to_contain_text("reviewer1 · REVIEWER")


@pytest.mark.shows("C03", "C04")
def test_a_visitor_registers_forgets_the_password_and_sets_another(
    guarded: Visit, guarded_server: Server
) -> None:
    page = guarded.open("/app/register")
    page.get_by_label("用户名").fill("wang.fang")
    page.get_by_label("密码").fill("short")
    page.get_by_label("电子邮箱").fill("wang.fang@example.com")
    register = page.get_by_role("button", name="注册 Register")
    page.get_by_label("验证码").fill(answer_of(guarded_server, shown_captcha(page)))
    register.click()
    expect(page.locator("#password-problem")).to_have_text("密码须为8至128个字符。")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_label("验证码").fill(answer_of(guarded_server, shown_captcha(page)))
    register.click()
    expect(page.get_by_text("注册成功。")).to_be_visible()

    page = guarded.open("/app/forgot")
    page.get_by_label("用户名或电子邮箱").fill("wang.fang@example.com")
    page.get_by_role("button", name="发送重置链接").click()
    expect(page.get_by_text("如果有这个账号，重置链接已发往它的邮箱。")).to_be_visible()

    page = guarded.open(mailed_link(guarded_server))
    expect(page).to_have_url(f"{guarded.url}/app/reset")
    page.get_by_label("新密码").fill("quite another passphrase")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("密码已更新，所有旧会话和令牌都已失效。")).to_be_visible()

    page.get_by_role("link", name="登录 Sign in").click()
    page.get_by_label("验证码 Captcha").fill(answer_of(guarded_server, shown_captcha(page)))
    sign_in(page, "wang.fang", "quite another passphrase")
    expect(page.locator("#who")).to_contain_text("wang.fang · APPLICANT")


def test_a_dead_reset_link_says_so(visit: Visit) -> None:
    page = visit.open("/app/reset?token=worn-out")
    page.get_by_label("新密码").fill("quite another passphrase")
    page.get_by_role("button", name="保存").click()

    expect(page.locator("#problem")).to_have_text("重置链接无效、已使用或已过期，请重新申请。")
