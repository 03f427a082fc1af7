"""What one nurse has open: whose package comes, and what becomes of it on the tablet."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.tablet.pages import Answers, Tab

OPEN = """
    document.body.innerHTML = '<template id="woorden"></template>';
    const { Session } = await import('/tablet/app/session.js');
    const who = { organisation: m.ORGANISATION, user: m.USER };
    t.db = await m.database.openDatabase();
    const vault = await m.makeVault(t.db);
    t.brought = { kind: 'retry', body: {} };
    t.server = new m.Server();
    t.server.package = async () => t.brought;
    t.session = new Session({ database: t.db, vault, who, server: t.server, tell: () => {} });
    await t.session.start();"""
BRING = """
    const whose = { nurse: { id: m.USER, language: 'nl' }, organisation: { id: m.ORGANISATION } };
    t.brought = { kind: 'ok', body: { ...whose, clients: [a] }, clock: 0 };
    await t.session.refresh();"""


@pytest.fixture
def at_home(tab: Tab, server: Answers, device: BrowserContext) -> Tab:
    """Return a tab in which a nurse is at work; the server has nothing yet."""
    device.route("**/versies/", lambda route: route.fulfill(status=503))
    tab.run(OPEN)
    return tab


def client(at_home: Tab, **known: Any) -> dict[str, Any]:
    """Return the one client of the package."""
    return {"id": at_home.run("return m.CLIENT;"), "draft": None, "last": None, "others": []} | known


def test_a_role_of_hers_without_the_right_asks_to_log_in(at_home: Tab) -> None:
    at_home.run(
        "t.brought = { kind: 'refused', body: { error: 'not_permitted' } }; await t.session.refresh();"
    )
    assert at_home.run("return t.session.isStranger;") is True
    at_home.run(BRING, client(at_home))
    assert at_home.run("return t.session.isStranger;") is False
