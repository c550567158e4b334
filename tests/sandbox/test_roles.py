import re

from hypothesis import given
from hypothesis import strategies as st

from sandbox.aws import CREDENTIALS
from sandbox.roles import ROOT, Roles


def test_a_role_keeps_its_key_pair_and_is_found_by_it() -> None:
    roles = Roles()
    own = roles.credentials("arn:aws:iam::000000000000:role/fan-out")
    assert roles.credentials("arn:aws:iam::000000000000:role/fan-out") == own
    assert roles.find(own.access_key_id) == own
    assert own.principal_arn == "arn:aws:iam::000000000000:role/fan-out"
    assert re.fullmatch("ASIA[A-Z2-7]{16}", own.access_key_id)


@given(st.sets(st.text(min_size=1), min_size=2, max_size=20))
def test_no_two_roles_share_anything(names: set[str]) -> None:
    pairs = [Roles().credentials(name) for name in names]
    roles = Roles()
    pairs += [roles.credentials(name) for name in names]
    assert len({pair.access_key_id for pair in pairs}) == len(pairs)
    assert len({pair.secret_access_key for pair in pairs}) == len(pairs)


def test_only_keys_that_were_handed_out_are_known() -> None:
    roles = Roles()
    assert roles.find("ASIAAAAAAAAAAAAAAAAA") is None
    root = roles.find(CREDENTIALS["aws_access_key_id"])
    assert root is not None
    assert root.principal_arn == ROOT
