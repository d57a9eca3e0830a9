import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DARK, LIGHT } from '../../src/design/index.ts';
import { LANGUAGES, type Language } from '../../src/i18n/index.ts';
import type { Clock, PracticeId } from '../../src/kernel/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { createEmailDelivery, createEmailQueue, type Email } from '../../src/mail/index.ts';
import { accentColors } from '../../src/practices/index.ts';
import {
  attributeOf,
  attributesOf,
  codeIn,
  countOf,
  hasElement,
  linksOf,
  parse,
  textOf,
  titleOf,
} from '../support/browser/html.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { inClear } from '../support/in-clear.ts';
import { type EmailKind, emailKinds } from '../support/mail/email-kinds.ts';
import { type MailServer, type ReceivedEmail, startMailServer } from '../support/servers/mail-server.ts';
import { testClock } from '../support/servers/server.ts';

const PUBLIC_URL = 'https://records.example';
const FACTS = {
  publicUrl: PUBLIC_URL,
  practice: 'Lakeside Family Practice',
  person: 'Ann Lee',
  app: 'Walkabout',
  message: 'Please fix two things:\n- the logo\n- the address of the policy',
};

let database: EmptyDatabase;
let server: MailServer;
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
  await database.db.queryText(
    "insert into practice (practice_id, name, kind, color) values (7, 'Lakeside Family Practice', 'live', '#ffd700')",
    [],
  );
});
afterAll(() => database.close());
beforeEach(async () => {
  server = await startMailServer();
  return () => server.close();
});

/** Delivers queued emails to the mail server. */
async function deliverQueued(clock: Clock): Promise<void> {
  const delivery = createEmailDelivery({
    db: database.db,
    clock,
    encryption: inClear,
    smtpUrl: server.url,
    from: 'records@clinic.example',
    publicUrl: PUBLIC_URL,
  });
  await delivery.deliver().finally(() => delivery.close());
}

/** Queues emails and delivers them to the mail server. Returns them as received, in the same order. */
async function send(emails: readonly (Partial<Email> & Pick<Email, 'text'>)[]): Promise<readonly ReceivedEmail[]> {
  const clock = testClock();
  const queue = createEmailQueue({ clock, random, encryption: inClear, sends: true });
  const defaults = {
    subject: 'Hello',
    language: 'en',
    senderName: FACTS.practice,
    reason: 'account',
    sandbox: false,
  } as const;
  await database.db.queryText('delete from mail', []);
  await database.db.transaction(async (tx) => {
    for (const [index, email] of emails.entries())
      await queue.queueInTransaction(tx, { ...defaults, ...email, to: `p${index}@example.org` });
  });
  await deliverQueued(clock);
  return emails.map((_email, index) => {
    const received = server.received.find(({ to }) => to.includes(`p${index}@example.org`));
    if (received === undefined) throw new Error('The email was not received.');
    return received;
  });
}

const sendKinds = async (language: Language, facts = FACTS): Promise<readonly (EmailKind & ReceivedEmail)[]> => {
  const kinds = emailKinds(language, facts);
  const received = await send(kinds.map(({ subject, text, button }) => ({ subject, text, button, language })));
  return kinds.map((kind, index) => ({ ...kind, ...(received[index] as ReceivedEmail) }));
};

const squeeze = (text: string): string => text.replaceAll(/\s+/g, '');

/** Returns the words of the plain text, without marks of list items and the line before the footer. */
const plainWords = (text: string): string => squeeze(text.replaceAll(/^(?:\d+\.|-+) /gm, ''));

/** Returns the words of the HTML part that the plain text has too: all except the heading, the brand and the button. */
function htmlWords(html: string): string {
  const $ = parse(html);
  const main = $('[role=main]').clone();
  main.find('h1, a.button').remove();
  return squeeze(main.text() + $('[role=contentinfo]').text());
}

describe.each(LANGUAGES)('every kind of email in the language %s', (language) => {
  let emails: readonly (EmailKind & ReceivedEmail)[];
  beforeEach(async () => {
    emails ??= await sendKinds(language);
  });

  it('has a plain-text part and then an HTML part with the same words', () => {
    expect(emails.length).toBeGreaterThan(50);
    for (const { name, text, html = '', headers } of emails) {
      expect(headers.get('content-type'), name).toMatch(/^multipart\/alternative/);
      expect(htmlWords(html), name).not.toBe('');
      const title = name === 'receipt' ? titleOf(html) : '';
      expect(squeeze(title) + htmlWords(html), name).toBe(plainWords(text));
    }
  });

  it('has the same links in both parts, and all are of this server', () => {
    for (const { name, text, html = '' } of emails) {
      const urls = text.match(/https:\/\/[^\s]*[^\s.,:]/g) ?? [];
      expect([...new Set(linksOf(html))].sort(), name).toEqual([...new Set(urls)].sort());
      for (const url of linksOf(html)) expect(url.startsWith(`${PUBLIC_URL}/`), name).toBe(true);
    }
  });

  it('has a button for a link on a line of its own, with the URL below it', () => {
    for (const { name, button, text, html = '' } of emails) {
      const hasOwnLine = /^https:\/\/\S+$/m.test(text);
      expect(button !== undefined, name).toBe(hasOwnLine);
      expect(attributesOf(html, 'a.button', 'href'), name).toEqual(button === undefined ? [] : [button.url]);
      if (button === undefined) continue;
      expect(textOf(html, 'a.button'), name).toBe(button.label);
      expect(textOf(html, 'p:has(a.button) + p'), name).toBe(button.url);
    }
  });

  it('names its language, and has the subject as title and only heading', () => {
    for (const { name, subject, html = '' } of emails) {
      expect(attributeOf(html, 'html', 'lang'), name).toBe(language);
      expect({ title: textOf(html, 'title'), heading: titleOf(html), headings: countOf(html, 'h1') }, name).toEqual({
        title: subject,
        heading: subject,
        headings: 1,
      });
    }
  });

  it('loads nothing and runs nothing', () => {
    for (const { name, html = '' } of emails) {
      expect(codeIn(html), name).toEqual([]);
      for (const selector of ['img', 'link', 'script', 'iframe', 'form', 'input', '[src]', '[background]'])
        expect(hasElement(html, selector), `${name} ${selector}`).toBe(false);
      expect(html, name).not.toMatch(/url\(|@import|@font-face/i);
    }
  });

  it('declares light and dark colors, and has its layout in inline styles of at most 600 pixels', () => {
    for (const { name, html = '' } of emails) {
      expect(attributeOf(html, 'meta[name=color-scheme]', 'content'), name).toBe('light dark');
      expect(textOf(html, '[role=banner]'), name).toBe(FACTS.practice);
      expect(countOf(html, 'table:not([role=presentation])'), name).toBe(0);
      expect(attributesOf(html, 'table', 'width'), name).toEqual(['100%', '600']);
      expect(countOf(html, ':is(p, h1, li, td, a):not([style])'), name).toBe(0);
    }
  });
});

describe('names and messages of other people in an email', () => {
  const EVIL = {
    ...FACTS,
    practice: 'Lake <script>alert(1)</script>',
    person: '"><img src=x onerror=alert(1)>',
    app: '<a href=https://evil.example>Free</a> https://evil.example/x',
    message: `</td></table><style>*{display:none}</style>\nhttps://evil.example/login\n${PUBLIC_URL}@evil.example/\n${PUBLIC_URL}.evil.example/\njavascript:alert(1)`,
  };

  it('stay text, and add no element, link or style', async () => {
    const plain = await sendKinds('en');
    const evil = await sendKinds('en', EVIL);
    const tagsOf = (html = '') =>
      parse(html)('*')
        .toArray()
        .map((element) => ('tagName' in element ? element.tagName : ''))
        .filter((name) => name !== 'br');
    for (const [index, { name, html = '', text }] of evil.entries()) {
      expect(codeIn(html), name).toEqual([]);
      expect(
        [...new Set(tagsOf(html))].filter((tag) => !KNOWN_TAGS.includes(tag)),
        name,
      ).toEqual([]);
      expect([...new Set(linksOf(html))], name).toEqual([...new Set(linksOf(plain[index]?.html ?? ''))]);
      expect(countOf(html, 'style'), name).toBe(1);
      const title = name === 'receipt' ? titleOf(html) : '';
      expect(squeeze(title) + htmlWords(html), name).toBe(plainWords(text));
    }
  });

  const KNOWN_TAGS = 'html head meta title style body table tbody tr td div h1 p a span ol ul li'.split(' ');

  it('never become a button, even if one is the URL of another server', async () => {
    const button = { label: 'Continue', url: 'https://evil.example/x' };
    const [email] = await send([{ text: `Open this:\n${button.url}`, button }]);
    expect(linksOf(email?.html ?? '')).toEqual([]);
    expect(textOf(email?.html ?? '', '[role=main]')).toBe('Hello Open this: https://evil.example/x');
  });
});

describe('the footer', () => {
  it('says who sent the email, whom to ask, and why the recipient got it', async () => {
    const contact = { phone: '555-010-2030', email: 'desk@lakeside.example' };
    const [known, unknown, spanish] = await send([
      { text: 'Hi', contact, reason: 'invitation' },
      { text: 'Hi', reason: 'record' },
      { text: 'Hola', contact, reason: 'account', language: 'es' },
    ]);
    expect(known?.text.replaceAll('\r', '')).toContain(`
-- 
Lakeside Family Practice
Questions? Ask Lakeside Family Practice: 555-010-2030 · desk@lakeside.example

You got this email because Lakeside Family Practice sent an invitation to this address.
This is an automated message. We will never ask for your password.`);
    expect(textOf(unknown?.html ?? '', '[role=contentinfo]')).toBe(
      'Lakeside Family Practice You got this email because Lakeside Family Practice has this address on file. This is an automated message. We will never ask for your password.',
    );
    expect(textOf(spanish?.html ?? '', '[role=contentinfo]')).toContain('Nunca le pediremos su contraseña.');
  });
});

describe('the color of an email', () => {
  const colorsOf = ({ html = '' }: ReceivedEmail) => ({
    light: /background-color:(#\w+)/.exec(attributeOf(html, 'a.button', 'style') ?? '')?.[1],
    dark: /\.button\{[^}]*background-color:(#\w+)/.exec(parse(html)('style').text())?.[1],
  });
  const button = { label: 'Open', url: `${PUBLIC_URL}/x` };
  const text = `Open:\n${button.url}`;

  it('is that of the practice, adjusted for light and dark clients', async () => {
    const { light, dark } = accentColors('#ffd700');
    const [email] = await send([{ text, button, practiceId: 7 as PracticeId }]);
    expect(colorsOf(email as ReceivedEmail)).toEqual({ light: light.accent, dark: dark.accent });
  });

  it('is that of all pages for the installation, and for a practice without a color or that is gone', async () => {
    const emails = await send([
      { text, button },
      { text, button, practiceId: 99 as PracticeId },
    ]);
    for (const email of emails) expect(colorsOf(email)).toEqual({ light: LIGHT.accent, dark: DARK.accent });
  });
});

it('an email that an earlier release queued is sent as plain text alone', async () => {
  const clock = testClock();
  await database.db.queryText('delete from mail', []);
  const queue = createEmailQueue({ clock, random, encryption: inClear, sends: true });
  await database.db.transaction((tx) =>
    queue.queueInTransaction(tx, {
      to: 'ann@example.org',
      subject: 'Hello',
      text: 'One',
      language: 'en',
      senderName: 'Lakeside',
      reason: 'account',
      sandbox: false,
    }),
  );
  await database.db.queryText('update mail set language = null', []);
  await deliverQueued(clock);
  expect(server.received.map(({ html, headers }) => [html, headers.get('content-type')])).toEqual([
    [undefined, 'text/plain; charset=utf-8'],
  ]);
});

it('the URL of the button is deleted with the text when the email is sent', async () => {
  const button = { label: 'Open', url: `${PUBLIC_URL}/x` };
  await send([{ text: `Open:\n${button.url}`, button }]);
  expect(await database.db.queryText('select content, button_url from mail', [])).toEqual([
    { content: null, button_url: null },
  ]);
});
