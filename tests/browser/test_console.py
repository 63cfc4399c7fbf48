"""The console (GraphiQL) in a browser: a saved query and a subscription, by session and by token, from our origin alone."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, WebSocket, expect

from tests.browser.people import PASSWORD, Elsewhere
from tests.browser.visiting import Visit
from tests.support.serving import Server

VARIABLES, HEADERS = "Variables", "Headers"
BEGIN_MILLISECONDS = 500


class Console:
    """GraphiQL as a person uses it."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.page = visit.page
        self.answer: Locator = self.page.locator(".graphiql-response")
        self.editor: Locator = self.page.locator(".graphiql-query-editor .CodeMirror")

    def choose(self, name: str) -> None:
        """Pick a saved operation from the menu."""
        self.page.get_by_label("常用操作 Saved operations").select_option(name)
        expect(self.editor).to_contain_text(f" {name}")

    def run(self) -> None:
        """Press the button that runs or ends what stands in the editor."""
        self.page.locator(".graphiql-execute-button").click()

    def watch(self) -> WebSocket:
        """Run a subscription; gives its socket once the server has been asked and has had time to begin."""
        with self.page.expect_websocket() as opening:
            self.run()
        self.visit.wait_until_sent('"subscribe"')
        self.page.wait_for_timeout(BEGIN_MILLISECONDS)
        return opening.value

    def write(self, text: str) -> None:
        """Put text into the query editor, in place of what is there."""
        self.editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def fill_tool(self, tool: str, text: str) -> None:
        """Put text into the pane of that name, in place of what is there."""
        self.page.get_by_role("button", name=tool, exact=True).click()
        self.page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def tool(self, tool: str) -> Locator:
        """The text of the pane of that name."""
        self.page.get_by_role("button", name=tool, exact=True).click()
        return self.page.locator(".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror-code")


@pytest.fixture
def member(visit: Visit, applicant: Elsewhere) -> Console:
    """The console of somebody who has signed in by the form."""
    page = visit.open("/app/login?next=/graphiql")
    page.get_by_label("用户名 User name").fill(applicant.username)
    page.get_by_label("密码 Password").fill(PASSWORD)
    page.get_by_role("button", name="登录 Sign in").click()
    expect(page.locator("#who")).to_contain_text(applicant.username)
    return Console(visit)


@pytest.fixture
def token(server: Server, applicant: Elsewhere) -> str:
    """A token of the applicant's that may read."""
    return server.run(
        "token", "create", "console", "--account", applicant.username, "--scopes", "READ", "--days", "1"
    ).strip()


@pytest.mark.shows("C05")
def test_a_visitor_sees_the_console_and_the_way_to_sign_in_but_not_the_schema(visit: Visit) -> None:
    page = visit.open("/graphiql")

    expect(Console(visit).answer).to_contain_text('"code": "UNAUTHENTICATED"')
    expect(page.get_by_text("登录后可查接口文档并办理")).to_be_visible()
    page.get_by_role("link", name="登录 Sign in").click()
    expect(page).to_have_url(f"{visit.url}/app/login?next=%2Fgraphiql")


def test_a_saved_query_is_picked_from_the_menu_and_answered(member: Console, applicant: Elsewhere) -> None:
    applicant.do("createSubject", name="大连海岸测试科技有限公司")
    member.choose("subjects")
    expect(member.page.locator("#about")).to_contain_text("备案列表：每页最多五十个主体")
    member.run()

    expect(member.answer).to_contain_text("大连海岸测试科技有限公司")
    expect(member.page.get_by_text("登录后可查接口文档并办理")).to_be_hidden()


def test_a_subscription_shows_what_another_client_does_meanwhile(
    member: Console, applicant: Elsewhere
) -> None:
    member.choose("filingEvents")
    socket = member.watch()
    expect(member.answer).not_to_contain_text("CREATE_SUBJECT")
    filing = applicant.do("createSubject", name="大连听涛测试科技有限公司")["filing"]

    expect(member.answer).to_contain_text('"action": "CREATE_SUBJECT"')
    expect(member.answer).to_contain_text("大连听涛测试科技有限公司")
    applicant.do("dropFiling", id=filing["id"], version=filing["version"])
    expect(member.answer).to_contain_text('"action": "DROP_FILING"')
    with socket.expect_event("close"):
        member.run()


def test_a_token_in_the_headers_pane_opens_query_and_subscription_and_stands_in_no_address(
    visit: Visit, applicant: Elsewhere, token: str
) -> None:
    console = Console(visit)
    visit.open("/graphiql")
    console.choose("viewer")
    console.fill_tool(HEADERS, json.dumps({"Authorization": f"Bearer {token}"}))
    console.run()
    expect(console.answer).to_contain_text(applicant.username)
    expect(console.answer).to_contain_text("READ")

    console.choose("filingEvents")
    console.watch()
    applicant.do("createSubject", name="大连鸣潮测试科技有限公司")
    expect(console.answer).to_contain_text("大连鸣潮测试科技有限公司")

    greeting = json.loads(visit.sent[0])
    assert (greeting["type"], greeting["payload"]["authorization"]) == ("connection_init", f"Bearer {token}")
    assert [address for address in [*visit.requested, console.page.url] if token in address] == []
    assert token not in console.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert visit.session_cookies() == []


def test_a_wrong_token_is_told_and_no_data_comes(visit: Visit) -> None:
    console = Console(visit)
    visit.open("/graphiql")
    console.choose("viewer")
    console.fill_tool(HEADERS, '{"authorization": "Bearer beian_no"}')
    console.run()

    expect(console.answer).to_contain_text('"code": "UNAUTHENTICATED"')
    expect(console.answer).not_to_contain_text("viewer")
    # the browser itself tells the 401 on its console
    assert [text for text in visit.faults if "401" not in text] == []
    visit.faults.clear()


def test_what_must_be_filled_in_is_laid_out_and_what_one_wrote_oneself_is_kept(member: Console) -> None:
    member.choose("filing")
    expect(member.tool(VARIABLES)).to_contain_text('"id": ""')
    member.choose("createSubject")
    expect(member.tool(VARIABLES)).to_contain_text('"input": {}')
    expect(member.page.get_by_role("tab")).to_have_count(0)

    member.write("{ viewer { role } }")
    member.choose("divisions")
    expect(member.editor).to_contain_text("query divisions")
    tabs = member.page.get_by_role("tab")
    expect(tabs).to_have_count(2)
    tabs.first.click()
    expect(member.editor).to_contain_text("{ viewer { role } }")


def test_the_link_in_a_mail_opens_the_filing_also_by_way_of_signing_in(
    visit: Visit, applicant: Elsewhere
) -> None:
    filing = applicant.do("createSubject", name="大连新帆测试科技有限公司")["filing"]
    page = visit.open(f"/app/filings/{filing['id']}")
    page.get_by_role("link", name="登录 Sign in").click()
    page.get_by_label("用户名 User name").fill(applicant.username)
    page.get_by_label("密码 Password").fill(PASSWORD)
    page.get_by_role("button", name="登录 Sign in").click()

    expect(page.locator("#who")).to_contain_text(applicant.username)
    console = Console(visit)
    expect(console.editor).to_contain_text("query filing")
    console.run()
    expect(console.answer).to_contain_text("大连新帆测试科技有限公司")


@pytest.fixture
def telephone(browser: Browser, server: Server) -> Iterator[Visit]:
    """A window as small as a telephone."""
    window = Visit(browser, server.url, viewport={"width": 390, "height": 844})
    yield window
    window.close()


def test_on_a_telephone_question_and_answer_stand_one_under_the_other(telephone: Visit) -> None:
    console = Console(telephone)
    telephone.open("/graphiql")
    expect(console.answer).to_contain_text("UNAUTHENTICATED")
    question, answer = console.editor.bounding_box(), console.answer.bounding_box()

    assert question is not None
    assert answer is not None
    assert answer["y"] > question["y"] + question["height"]
    assert answer["width"] > 250
