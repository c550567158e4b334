from ipaddress import IPv4Address

import pytest

from geography import CITIES
from sandbox.edge_addresses import address_of, city_at


def test_the_first_city_has_the_first_block_and_each_next_one_the_next() -> None:
    first, second, *_ = CITIES

    assert (address_of(first), address_of(second)) == ("198.18.0.1", "198.18.1.1")


def test_every_city_has_an_address_of_its_own_that_leads_back_to_it() -> None:
    assert [city_at(address_of(city)) for city in CITIES] == list(CITIES)


def test_a_city_is_found_by_any_address_of_its_block_and_by_the_block() -> None:
    _, city, *_ = CITIES

    assert {city_at(place) for place in ("198.18.1.0", "198.18.1.255", "198.18.1.77/24", "198.18.1.0/28")} == {city}


@pytest.mark.parametrize("place", ["198.18.0.0/23", "198.17.255.255", "127.0.0.1", "2001:db8::1", "2001:db8::/56"])
def test_an_address_of_no_city_leads_nowhere(place: str) -> None:
    assert city_at(place) is None


def test_the_block_after_the_last_city_is_nobodys() -> None:
    last = IPv4Address(address_of(list(CITIES)[-1]))

    assert city_at(str(last + 256)) is None


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        city_at("elsewhere")


def test_a_city_that_the_data_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        address_of("Atlantis")
