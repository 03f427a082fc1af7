/** What the server writes before the worker's script: what it keeps, under which version. */
declare const BUNDLE: { version: string; pages: string[]; files: string[] };
