"""One draft in a tab, and how it goes to the server: pieces of script that the tests of sending run."""

OPEN = """
    t.db = await m.database.openDatabase();
    Object.assign(t, await m.openStore(t.db));
    t.server = new m.Server();
    t.sync = new m.Sync({ store: t.store, server: t.server, name: t.open.id });
    t.put = (draft) => t.store.put('draft', m.draft.keyOf(draft), draft);
    t.now = () => t.store.get('draft', t.key);
    t.update = (change) => t.store.update('draft', t.key, change);
    t.change = (answers) => t.update((d) => m.draft.change(d, { answers }, Date.now()));
    t.status = () => m.statusOf(t.store, t.sync);"""
PUT = "t.draft = m.newDraft(a ?? {}); t.key = m.draft.keyOf(t.draft); await t.put(t.draft);"
NOW = "const d = await t.now(); return [d.state, d.revision, d.sending === null];"
FINISH = """
    const derived = { code: 'DKDL-01', ruleset_hash: '0'.repeat(64) };
    await t.update((d) => m.draft.finish(d, { answers: d.answers, derived }, Date.now()));"""
