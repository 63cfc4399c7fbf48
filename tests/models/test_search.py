"""Search: Chinese words of two characters are found, alike on both databases, and nothing that is typed breaks it."""

import pytest

from models.account import Account
from models.clock import now
from models.search import grams_of, matching_ids
from models.states import FilingMode, Role
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website

TEXTS = {
    "dalian": ["大连听涛科技有限公司", "听涛官网", "tingtao.example", "辽ICP备2026000001号-1"],
    "beijing": ["北京海岸商贸有限公司", "海岸 (北京) 官网", "haian-0.example"],
    "person": ["司徒怀瑾", "拾光相册"],
}


async def fill(owner: str = "x") -> dict[str, int]:
    async def work() -> dict[str, int]:
        account = await Account.create(
            username=owner, username_key=owner, email=f"{owner}@example.com",
            email_key=f"{owner}@example.com",
            password_hash="-", role=Role.APPLICANT,
        )  # fmt: skip
        found = {}
        for name, texts in TEXTS.items():
            subject = await Subject.create(
                name=texts[0], owner_id=account.id, filed_by_id=account.id, mode=FilingMode.SELF,
                grams=grams_of(texts), created_at=now(), updated_at=now(),
            )  # fmt: skip
            found[name] = subject.id
        return found

    return await unit_of_work(work)


def test_grams_are_neighbouring_pairs_and_the_last_character() -> None:
    assert grams_of(["大连公司", None, "", "a-b"]) == "大连 连公 公司 司 a b"
    assert grams_of(["ＩＣＰ备1"]) == "ic cp p备 备1 1"


@pytest.mark.shows("C22")
async def test_words_are_found_wherever_they_stand(db: str) -> None:
    ids = await fill()
    for text, names in (
        ("听涛", {"dalian"}),
        ("公司", {"dalian", "beijing"}),
        ("有限公司", {"dalian", "beijing"}),
        ("限有", set()),
        ("涛听", set()),
        ("官网", {"dalian", "beijing"}),
        ("海岸官网", set()),  # a bracket stands between them
        ("海岸 官网", {"beijing"}),
        ("瑾", {"person"}),
        ("光", {"person"}),
        ("京", {"beijing"}),
        ("tingtao.example", {"dalian"}),
        ("TingTao", {"dalian"}),
        ("ｔｉｎｇｔａｏ", {"dalian"}),
        ("haian-0", {"beijing"}),
        ("辽ICP备2026000001号", {"dalian"}),
        ("2026000001", {"dalian"}),
        ("辽ICP备2026000002号", set()),
        ("司徒怀瑾", {"person"}),
        ("司徒怀瑜", set()),
    ):
        assert set(await matching_ids("subject", text) or []) == {ids[name] for name in names}, text


async def test_nothing_to_search_for_is_none_and_no_typing_breaks_it(db: str) -> None:
    ids = await fill()
    for text in ("", "  ", "()*&|!:", "-", "_", "😀"):
        assert await matching_ids("subject", text) is None
    for text in (
        "公司' OR 1=1 --",
        '公司" OR "听涛',
        "公司:* & !听涛",
        "NEAR(公司 听涛)",
        "a\x00b",
        "公司\\",
        "%公司%",
        "AND OR NOT",
        "x" * 100_000,
    ):
        assert isinstance(await matching_ids("subject", text), list), text
    assert set(await matching_ids("subject", "“公司”？！") or []) == {ids["dalian"], ids["beijing"]}


async def test_the_newest_come_first_and_no_more_than_asked(db: str) -> None:
    ids = await fill()
    assert await matching_ids("subject", "公司") == [ids["beijing"], ids["dalian"]]
    assert await matching_ids("subject", "公司", limit=1) == [ids["beijing"]]


async def test_a_row_that_changed_or_went_is_found_as_it_is(db: str) -> None:
    ids = await fill()
    await unit_of_work(lambda: Subject.filter(id=ids["dalian"]).update(grams=grams_of(["大连松涛"])))
    assert await matching_ids("subject", "听涛") == []
    assert await matching_ids("subject", "松涛") == [ids["dalian"]]
    await unit_of_work(lambda: Subject.filter(id=ids["dalian"]).delete())
    assert await matching_ids("subject", "松涛") == []


@pytest.mark.shows("C22")
async def test_what_others_have_crowds_nothing_of_ones_own_out(db: str) -> None:
    mine = await fill()
    theirs = await fill("y")
    own = (await Subject.get(id=mine["dalian"])).owner_id
    assert await matching_ids("subject", "公司", limit=2) == [theirs["beijing"], theirs["dalian"]]
    assert await matching_ids("subject", "公司", limit=2, owner_id=own) == [mine["beijing"], mine["dalian"]]
    assert await matching_ids("subject", "公司", limit=1, owner_id=own) == [mine["beijing"]]

    async def add_sites() -> list[int]:
        times = {"created_at": now(), "updated_at": now(), "grams": grams_of(["听涛官网"])}
        subjects = (mine["dalian"], theirs["dalian"])
        return [(await Website.create(subject_id=n, serial=1, name="站", **times)).id for n in subjects]

    first, second = await unit_of_work(add_sites)
    assert await matching_ids("website", "听涛") == [second, first]
    assert await matching_ids("website", "听涛", owner_id=own) == [first]
