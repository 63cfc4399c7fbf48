"""The blind index of a mobile: one for all spellings, and given to rows from before there was one."""

import pytest

from models.states import RecordStatus
from models.subject import Subject
from models.unit_of_work import unit_of_work
from models.website import Website
from rules.keys import mobile_keys
from tests.workflow.ledger_rows import make_rows
from workflow.housekeeping import tidy
from workflow.mobile_indexes import AT_ONCE, index_mobiles, mobile_index


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("13800000001", ("13800000001",)),
        ("+86 138-0000-0001", ("13800000001",)),
        ("１３８００００００01；13800000001;13800000002", ("13800000001", "13800000002")),
        (";无;", ()),
        ("", ()),
    ],
)
def test_the_spellings_of_a_mobile_have_its_digits_in_common(typed: str, keys: tuple[str, ...]) -> None:
    assert mobile_keys(typed) == keys


async def test_the_index_is_of_the_first_number_and_tells_nothing_of_it(db: str) -> None:
    index = mobile_index("13800000001;13800000002")
    assert index == mobile_index("+8613800000001")
    assert index != mobile_index("13800000002")
    assert index is not None
    assert "13800000001" not in index
    assert mobile_index(None) is None


async def test_housekeeping_gives_old_rows_their_index_and_leaves_the_rest(db: str) -> None:
    rows = await make_rows()

    async def lay() -> None:
        subject = Subject.filter(id=rows.subject)
        await subject.update(principal_mobile="13800000001", status=RecordStatus.FILED)
        times = {
            "created_at": (await subject.get()).created_at,
            "updated_at": (await subject.get()).updated_at,
        }
        for serial in range(1, AT_ONCE + 3):
            mobile = "无" if serial == 1 else "13800000002"
            await Website.create(
                subject_id=rows.subject, serial=serial, name="网站", principal_mobile=mobile, **times
            )

    await unit_of_work(lay)
    await tidy()
    assert (await Subject.get(id=rows.subject)).principal_mobile_index == mobile_index("13800000001")
    assert await Website.filter(principal_mobile_index=mobile_index("13800000002")).count() == AT_ONCE + 1
    left = await Website.get(principal_mobile_index=None)
    assert (left.serial, left.principal_mobile) == (1, "无")
    assert await index_mobiles() == 0
