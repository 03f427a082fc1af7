"""Demo accounts are not for the world."""

import pytest

from config.environment import WrongSettingError
from config.exposure import refuse_demo_in_public

EVERYWHERE = ".".join("0000")


@pytest.mark.parametrize(
    ("bind", "url", "own"),
    [
        ("127.0.0.1", "", "93.184.216.34"),
        ("::1", "http://localhost:8000", "93.184.216.34"),
        (EVERYWHERE, "https://192.168.1.20:8000", "192.168.1.20"),
        ("192.168.1.20", "https://tablet.local:8000", "192.168.1.20"),
        ("127.0.0.1", "https://draagvlak.internal", "10.0.0.1"),
        ("127.0.0.1", "http://werkstation:8000", "10.0.0.1"),
    ],
)
def test_this_machine_and_its_network_are_fine(bind: str, url: str, own: str) -> None:
    refuse_demo_in_public(bind=bind, url=url, own_address=own)


@pytest.mark.parametrize(
    ("bind", "url", "own", "named"),
    [
        (EVERYWHERE, "", "93.184.216.34", "DRAAGVLAK_BIND"),
        ("::", "", "2606:2800:220:1::1", "DRAAGVLAK_BIND"),
        ("93.184.216.34", "", "10.0.0.1", "DRAAGVLAK_BIND"),
        ("127.0.0.1", "https://draagvlak.voorbeeld.nl", "10.0.0.1", "DRAAGVLAK_URL"),
        ("127.0.0.1", "https://93.184.216.34", "10.0.0.1", "DRAAGVLAK_URL"),
    ],
)
def test_an_address_for_everybody_is_refused(bind: str, url: str, own: str, named: str) -> None:
    with pytest.raises(WrongSettingError, match=f"{named}.*DRAAGVLAK_DEMO=0"):
        refuse_demo_in_public(bind=bind, url=url, own_address=own)
