import { expect, test } from 'vitest';
import { check } from './check-sources.ts';

test('unwanted words are reported where people read them, each with what to write instead', () => {
  const { status, problems } = check({
    'src/audit/a.ts': "/** Rows that are mended. */\nexport const text = 'Tick the box, and hand in the form.';",
    'src/audit/b.ts': 'export const made = `It is good until noon.`;',
    'web/shell/a.tsx': 'export const page = <p>Ask whoever runs the server.</p>;',
    'scripts/a.mjs': "console.log('This is no JSON.');",
    'test/audit/a.test.ts': "it.each([1])('%s: a mail is sent', () => send('somebody'));",
    'docs/guide.md': '# Guide\n\nThe link is good for\none day.',
    'README.md': 'Sign in anew.',
  });
  expect(problems).toEqual([
    "README.md:1: 'anew': write again or new",
    "docs/guide.md:3: 'good for one': write valid, one-time or expired",
    "scripts/a.mjs:1: 'is no JSON': write isn’t a",
    "src/audit/a.ts:1: 'mended': write fix",
    "src/audit/a.ts:2: 'Tick the': write check, select or clear",
    "src/audit/a.ts:2: 'hand in': write submit",
    "src/audit/b.ts:1: 'good until': write valid, one-time or expired",
    "test/audit/a.test.ts:1: 'a mail': write an email",
    "web/shell/a.tsx:1: 'whoever': write the name of the actor, or anyone who",
  ]);
  expect(status).toBe(1);
});

test('a phrase is found across the lines of a comment, and not across two texts', () => {
  const { problems } = check({
    'src/audit/a.ts':
      '/**\n * The app was let\n * in later.\n */\nexport const a = 1;\n// What is taken\n// back ends.',
    'src/audit/b.ts': "export const words = ['The pages let', 'in every app.'];",
  });
  expect(problems).toEqual([
    "src/audit/a.ts:2: 'let in': write approve or accept",
    "src/audit/a.ts:6: 'taken back': write cancel, withdraw or revoke",
    "src/audit/a.ts:6: a comment that begins with 'What' is a fragment",
  ]);
});

test('a sentence without a subject is reported, wherever it is in a text', () => {
  const { problems } = check({
    'src/audit/a.ts': "export const text = 'Each has a key. Of a practice there is one.';",
    'docs/guide.md': 'Whose app it is. Of course it is yours. Whose record is it?',
  });
  expect(problems).toEqual([
    "docs/guide.md:1: a sentence that begins with 'Whose' has no subject",
    "src/audit/a.ts:1: a sentence that begins with 'Of' has no subject",
  ]);
});

test('names in code, SQL, addresses, data of tests and sandbox patients aren’t texts', () => {
  const { status, problems } = check({
    'src/audit/a.ts':
      "import './mails.ts';\nexport const state = { 'set-up-anew': 'mended', unticked: 'is-no-record' };",
    'src/audit/b.ts': 'export const query = `select mails from box where anew is not null`;',
    'src/audit/mails.ts': "export const link = 'Open https://here.example/mails in a browser.';",
    'src/sandbox/scenarios/a.ts': "export const note = 'Heart tracing, taken by somebody.';",
    'test/audit/a.test.ts': "it('sends it', () => expect(text).toBe('Somebody asked.'));",
    'docs/guide.md': '```\nput it right\n```\n\nThe command `mend` is [here](anew.md).',
  });
  expect(problems).toEqual([]);
  expect(status).toBe(0);
});

test('Spanish texts are checked for words of Spain, anglicisms and “tú”', () => {
  const { problems } = check({
    'src/i18n/es/sign-in.ts': "export const title = 'Abra el email en tu móvil';\n/** Sent by email. */",
    'src/i18n/en/sign-in.ts': "export const title = 'Open the email';",
  });
  expect(problems).toEqual([
    "src/i18n/es/sign-in.ts:1: 'email': write correo electrónico",
    "src/i18n/es/sign-in.ts:1: 'móvil': write teléfono",
    "src/i18n/es/sign-in.ts:1: 'tu': write usted, ustedes, su",
  ]);
});
