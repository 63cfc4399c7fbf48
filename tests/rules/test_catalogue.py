"""The catalogue: every rule told once, in two languages, by the regulator's code where there is one."""

import re

from authority.codes import result_codes
from rules.catalogue import RULES


def test_each_rule_speaks_both_languages_and_names_a_source() -> None:
    for rule in RULES.values():
        assert re.search(r"[\u4e00-\u9fff]", rule.words.zh), rule.id
        assert re.search(r"[a-z]{3}", rule.words.en), rule.id
        assert rule.source


def test_no_two_rules_say_the_same() -> None:
    assert len({rule.words.zh for rule in RULES.values()}) == len(RULES)
    assert len({rule.words.en for rule in RULES.values()}) == len(RULES)


def test_a_rule_of_the_regulator_has_a_code_of_the_regulator_and_blocks() -> None:
    for rule in RULES.values():
        family, _, rest = rule.id.partition("-")
        if family == "MIIT":
            assert int(rest) in result_codes()
            assert rule.severity == "ERROR"
        else:
            assert family == "BEIAN"
            assert re.fullmatch(r"[A-Z]+(-[A-Z]+)*", rest)


def test_the_codes_promised_are_all_there() -> None:
    promised = (
        1003,
        1004,
        1005,
        1006,
        1008,
        1009,
        1010,
        1011,
        1014,
        1015,
        1019,
        1021,
        1022,
        1031,
        1033,
        1034,
        1035,
    )
    more = (1026, 1036, 1041, 1044, 1046, 1063, 1064, 1065, 1066, 5008)
    assert {f"MIIT-{code}" for code in (*promised, *more)} <= RULES.keys()
