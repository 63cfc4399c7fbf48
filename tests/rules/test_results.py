"""Processing results: all 178, each with whose turn it is after it."""

from collections import Counter

import pytest

from rules.results import ResultClass, class_of, results


def test_all_codes_of_the_specification_are_there() -> None:
    assert len(results()) == 178
    assert Counter(result.group for result in results().values()) == {
        "icp": 69,
        "common": 12,
        "ip": 58,
        "domain": 39,
    }
    assert results()[1041].en == "home URL must contain one of the domains"


@pytest.mark.parametrize(
    ("code", "leads_to"),
    [
        (1001, "decision"),
        (1002, "decision"),
        *((code, "note") for code in (1060, 1062, 2998, 3998)),
        *((code, "already_there") for code in (1037, 1038, 1039, 1040, 1027, 1030, 1032, 1052)),
        (1018, "password"),
        (1025, "last_access"),
        *((code, "ours") for code in (5001, 5002, 5003, 5004, 5005, 5006, 5007, 5009, 5010, 5011, 5999)),
        (5008, "data"),
        (1003, "data"),
        (1005, "data"),
        (1999, "data"),
        (2001, "data"),
        (4242, "ours"),
    ],
)
def test_each_code_leads_where_its_class_says(code: int, leads_to: str) -> None:
    assert class_of(code) is ResultClass(leads_to)
