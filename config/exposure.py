"""Demo accounts have a password that everybody can read: they are for this machine and its network."""

import ipaddress
from urllib.parse import urlsplit

from config import environment

HOME_NAMES = ("localhost", ".localhost", ".local", ".lan", ".home.arpa", ".internal", ".test", ".example")


def refuse_demo_in_public(*, bind: str, url: str, own_address: str) -> None:
    """Raise WrongSettingError where demo accounts would be open to the world.

    `bind` is where the website listens, `own_address` that of this machine, which counts where it listens
    everywhere; `url` is the address that people use, empty for none of its own.
    """
    listens = own_address if _is_everywhere(bind) else bind
    if _is_public(listens):
        raise environment.WrongSettingError("DRAAGVLAK_BIND", _sentence(listens))
    host = urlsplit(url).hostname or ""
    if host and _is_public(host):
        raise environment.WrongSettingError("DRAAGVLAK_URL", _sentence(host))


def _is_everywhere(bind: str) -> bool:
    address = _address(bind)
    return address is not None and address.is_unspecified


def _is_public(host: str) -> bool:
    address = _address(host)
    if address is not None:
        return address.is_global
    return "." in host.rstrip(".") and not f".{host.rstrip('.')}".endswith(HOME_NAMES)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _sentence(where: str) -> str:
    return (
        f"{where} is voor iedereen te bereiken, en het wachtwoord van de demo staat in de handleiding: "
        "zet DRAAGVLAK_DEMO=0, of kies een adres van dit netwerk. / anybody can reach it, and the password "
        "of the demo is public: set DRAAGVLAK_DEMO=0, or choose an address of this network."
    )
