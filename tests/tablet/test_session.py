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


def test_what_she_finished_on_the_servers_screens_is_no_draft_here_any_more(at_home: Tab) -> None:
    at_home.run("t.draft = { ...m.newDraft(), state: 'sent', isKnown: true }; await t.session.put(t.draft);")
    last = {"version": "2.0", "date": "2026-03-02", "answers": {"Q2": "2"}, "code": "PTZ", "revision": 4}
    last |= {"id": at_home.run("return t.draft.id;"), "corrects": None, "status": "finished"}
    at_home.run(BRING, client(at_home, last=last))
    at_home.run("const [now] = await t.session.drafts(); t.found = now;")
    assert at_home.run("return [t.found.isFinished, t.found.state, t.found.answers];") == [
        True,
        "sent",
        {"Q2": "2"},
    ]
    standing = (
        "const { standingOf } = await import('/tablet/app/clients.js'); return standingOf(a, [t.found]);"
    )
    assert at_home.run(standing, client(at_home, last=last)) == {"done": None, "draft": None}
    corrected = last | {"id": "66666666-6666-4666-8666-666666666666", "corrects": last["id"]}
    assert at_home.run(standing, client(at_home, last=corrected)) == {"done": None, "draft": None}


def test_what_waits_here_is_not_taken_for_finished(at_home: Tab, device: BrowserContext) -> None:
    # What reached the server after all would wait no longer.
    device.route("**/tablet/anamneses/**", lambda route: route.fulfill(status=503))
    at_home.run("t.draft = m.newDraft(); await t.session.put(t.draft);")
    last = {"id": at_home.run("return t.draft.id;"), "answers": {}, "code": "PTZ", "date": "2026-03-02"}
    at_home.run(BRING, client(at_home, last=last))
    assert at_home.run("return (await t.session.drafts())[0].isFinished;") is False


@pytest.mark.parametrize(
    ("kind", "told"), [("offline", "offline"), ("retry", "retry"), ("login", "login"), ("refused", "login")]
)
def test_it_tells_why_nothing_was_brought(at_home: Tab, kind: str, told: str) -> None:
    at_home.run("t.brought = { kind: a, body: {} };", kind)
    assert at_home.run("return t.session.refresh();") == told


@pytest.mark.parametrize("page", ["clientPage", "start", "resume", "throwAway", "correct"])
def test_an_address_of_somebody_else_leads_to_the_list(at_home: Tab, page: str) -> None:
    at_home.run(BRING, client(at_home))
    visit = """
        const pages = await import('/tablet/app/clients.js');
        const gone = [];
        await pages[a]({ session: t.session, go: (...parts) => gone.push(parts) }, m.OTHER_CLIENT);
        return gone;"""
    assert at_home.run(visit, page) == [["clienten"]]


@pytest.mark.parametrize(("kind", "said"), [("offline", "geen antwoord"), ("login", "log in")])
def test_what_could_not_be_brought_is_said(at_home: Tab, kind: str, said: str) -> None:
    at_home.run("t.brought = { kind: a, body: {} };", kind)
    page = """
        document.body.innerHTML = `<main id="inhoud"><p data-error hidden></p></main><template id="woorden">
          <i data-word="vault-no-keys">geen antwoord</i><i data-word="log-in-first">log in</i></template>`;
        const { bring } = await import('/tablet/app/clients.js');
        await bring({ session: t.session, render: () => {} });
        const box = document.querySelector('[data-error]');
        return [box.hidden, box.textContent];"""
    assert at_home.run(page) == [False, said]


def test_a_locked_log_in_that_is_not_hers_asks_to_log_in_and_takes_nothing(
    at_home: Tab, device: BrowserContext
) -> None:
    """A colleague's, or a newer one of her own: her token does not open it, and her access has not ended."""
    device.route("**/tablet/ontgrendelen/", lambda route: route.fulfill(json={"open": False}))
    at_home.run(BRING, client(at_home))
    at_home.run(
        "t.brought = { kind: 'locked', body: { error: 'locked' } }; t.kind = await t.session.refresh();"
    )
    assert at_home.run("return [t.kind, t.session.sync.needsLogin, t.session.sync.ended];") == [
        "login",
        True,
        "",
    ]
    assert at_home.run("return t.session.package.clients.length;") == 1


def test_a_draft_that_another_tab_took_up_first_is_not_taken_up_over_it(at_home: Tab) -> None:
    at_home.run("t.draft = m.newDraft();")
    stored = {"version": "2.0", "date": "2026-03-02", "answers": {"Q2": "2"}, "revision": 4, "corrects": None}
    stored |= {"id": at_home.run("return t.draft.id;"), "status": "draft", "set_aside": {}}
    at_home.run(BRING, client(at_home, draft=stored))
    at_home.run("t.session.drafts = async () => [];")  # read before the other tab wrote
    assert at_home.run("return (await t.session.draft(t.draft.id)).answers;") == {"Q2": "2"}
    at_home.run("await t.session.change(t.draft, (here) => ({ ...here, answers: { Q2: '1' } }));")
    assert at_home.run("return (await t.session.draft(t.draft.id)).answers;") == {"Q2": "1"}
