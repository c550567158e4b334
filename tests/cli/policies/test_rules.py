from cli.policies.rules import LEVELS, rules
from components import config_policies


def test_every_rule_says_what_it_asks_and_how_to_mend_what_it_finds():
    assert rules()
    for rule in rules().values():
        assert all((rule.title, rule.description, rule.fix, rule.url.startswith("https://"))), rule.name
        assert rule.level in LEVELS
        assert "exempt" in rule.settings


def test_the_program_takes_the_levels_that_there_are():
    assert sorted(config_policies.LEVELS) == sorted(LEVELS)
