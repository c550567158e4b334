import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from components import origin_headers

HEADERS = {"ireland": {"x-api-key": "da2-one"}, "sydney": {"x-api-key": "da2-two", "x-origin-verify": "three"}}
TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=400)


def unpacked(carried: dict[str, str]) -> object:
    return json.loads(base64.b64decode("".join(carried[f"x-antipodes-secret-{n}"] for n in range(len(carried)))))


def test_the_parts_in_their_order_are_base64_of_compact_json() -> None:
    carried = origin_headers.packed(HEADERS)

    assert list(carried) == ["x-antipodes-secret-0"]
    assert unpacked(carried) == HEADERS
    assert b" " not in base64.b64decode(carried["x-antipodes-secret-0"])


def test_nothing_is_carried_where_there_is_nothing() -> None:
    assert origin_headers.packed({}) == {}


@given(st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS), min_size=1, max_size=20))
def test_what_fits_comes_back_whole_from_no_more_and_no_longer_headers_than_cloudfront_takes(
    headers: dict[str, dict[str, str]],
) -> None:
    carried = origin_headers.packed(headers)

    assert unpacked(carried) == headers
    assert max(map(len, carried.values())) <= 1700
    if not origin_headers.excess(headers):
        assert len(carried) <= 10
        assert sum(map(len, [*carried, *carried.values()])) <= 10_240


def test_one_character_too_many_is_noticed() -> None:
    def of_length(length: int) -> dict[str, dict[str, str]]:
        return {"ireland": {"x": "y" * length}}

    fitting = max(length for length in range(7000, 8000) if not origin_headers.excess(of_length(length)))
    size = sum(map(len, (text for pair in origin_headers.packed(of_length(fitting)).items() for text in pair)))

    assert 10_240 - 4 < size <= 10_240
    assert origin_headers.excess(of_length(fitting + 1)) > 0


def test_the_order_in_which_headers_are_written_does_not_matter() -> None:
    turned = {key: dict(reversed(headers.items())) for key, headers in reversed(HEADERS.items())}

    assert origin_headers.packed(turned) == origin_headers.packed(HEADERS)


def test_names_are_in_lower_case_and_regions_have_at_least_one() -> None:
    assert origin_headers.normalized({"ireland": {"X-Api-Key": "Da2"}, "sydney": {}}) == {
        "ireland": {"x-api-key": "Da2"}
    }
