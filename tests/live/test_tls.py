"""`make run TLS=1`: the site behind a certificate that this machine made itself."""

import json
from collections.abc import Iterator
from http.client import HTTPSConnection

import pytest

from config import local_tls
from tests.live.site import Site, new_site


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("DRAAGVLAK_TLS", "1")
    site = new_site(demo=False)
    site.start()
    yield site
    site.remove()


def test_a_tablet_that_trusts_the_authority_can_install_the_app(site: Site) -> None:
    made = local_tls.LocalTls(site.var / "tls", local_tls.own_address())
    line = HTTPSConnection("localhost", site.port, context=made.trusting(), timeout=20)

    def get(path: str) -> tuple[int, dict[str, str], bytes]:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    status, _headers, body = get("/tablet/app.webmanifest")
    assert (status, json.loads(body)["start_url"]) == (200, "/tablet/")
    status, headers, _body = get("/inloggen/")
    assert "Secure" in headers["set-cookie"]
    assert "strict-transport-security" not in headers
    status, headers, body = get(f"/{local_tls.PUBLIC_NAME}")
    assert (status, headers["content-type"]) == (200, "application/x-x509-ca-cert")
    assert body == made.authority.read_bytes()
    line.close()
