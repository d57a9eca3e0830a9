import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/kernel/index.ts';
import { CONSENT_WORDING_VERSION } from '../../../src/oauth/consent/wording-version.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { attributeOf, hasElement, textOf } from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import {
  authorizationCode,
  type Fields,
  PatientBrowser,
  SANDBOX_PATIENT,
  sharedItems,
} from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let lou: LivePerson;
let app: TestApp;
beforeAll(async () => {
  server = await startServer({ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'mail@records.example' });
  lou = await addLivePatient(server);
  app = await addApp(server, { name: 'Walks', developer: 'Acme Health' });
});
afterAll(() => server.close());

interface Receipt {
  readonly receipt_id: string;
  readonly account_id: string;
  readonly grant_id: string;
  readonly family_id: string;
  readonly wording: string;
  readonly language: string;
  readonly content: string;
  readonly hash: Buffer;
  readonly browser: Buffer | null;
}

async function agree({
  to = app,
  changes = {},
  query = {},
  person = lou as { username: string; password: string },
  browser = new PatientBrowser(server.app),
  whose,
}: {
  to?: TestApp;
  changes?: Fields;
  query?: Fields;
  person?: { username: string; password: string };
  browser?: PatientBrowser;
  whose?: string;
} = {}) {
  const { client_id, redirect_uri } = to;
  const first = await browser.authorize({ response_type: 'code', client_id, redirect_uri, ...query }, person);
  const page = whose === undefined ? first : await browser.chooseRecord(first, whose);
  const done = await browser.submitConsent(page, changes);
  const [family] = done.location === undefined ? [] : authorizationCode(done).split('.');
  const [receipt] = await server.db.queryText<Receipt>('select * from receipt where family_id = $1', [family]);
  return { browser, page, done, receipt: receipt as Receipt };
}
const emailsTo = (recipient: string) =>
  server.db.queryText<{ subject: string; content: string; outbox: boolean; sender_name: string }>(
    "select subject, content, outbox, sender_name from mail where recipient = $1 and subject like 'You connected%'",
    [recipient],
  );
const setEmail = ({ username }: { username: string }, email: string | null) =>
  server.db.queryText('update account set email = $2 where username = $1', [username, email]);

describe('a consent receipt', () => {
  it('records who, what was allowed and declined, for how long, and how to stop it, as the page displayed it', async () => {
    const allow = ['MedicationRequest', 'Observation:laboratory'];
    const { receipt } = await agree({ changes: { allow, duration: 'P30D', offline: 'yes' } });
    const text = receipt.content;
    expect(text).toMatch(/^You connected Walks to your record\n/);
    expect(text).toContain('Where the data goes: app.example');
    expect(text).toContain('Made by: Acme Health (according to the app, not verified)');
    expect(text).toContain('Whose record: Lou Live, at Live practice');
    const [, allowed = '', left = ''] =
      /You allowed it to see:\n([\s\S]*?)\n\nYou left out:\n([\s\S]*?)\n\n/.exec(text) ?? [];
    expect(allowed.split('\n')).toEqual(['- Personal details', '- Medicines', '- Lab results and vitals: Lab results']);
    expect(left.split('\n')).toContain('- Conditions and care: Problem list');
    expect(left).not.toMatch(/Personal details|- Medicines\n|: Lab results\n/);
    expect(text).toMatch(/Access lasts: until \w+ \d+, \d{4} at \d+:\d\d [AP]M E[SD]T/);
    expect(text).toContain('Keeps access when you are away: yes');
    expect(text).toContain('http://localhost:8080/account/apps');
    expect(text).toMatch(/Agreed on: \w+ \d+, \d{4} at \d+:\d\d:\d\d [AP]M E[SD]T/);
    expect(text).toContain(`Text version: ${CONSENT_WORDING_VERSION}`);
    expect(text).toContain(`Agreement number: ${receipt.grant_id}`);
    expect(text).toMatch(/Technical details: .*patient\/MedicationRequest\.rs/);
    expect(receipt).toMatchObject({
      account_id: lou.accountId,
      wording: CONSENT_WORDING_VERSION,
      language: 'en',
      browser: null,
    });
  });

  it('has a SHA-256 that the audit log records with the version of the wording', async () => {
    const { receipt } = await agree();
    expect(receipt.hash.equals(sha256(receipt.content))).toBe(true);
    const [event] = await server.db.queryText<{ detail: object }>(
      `select detail from audit_event where kind = 'consent' and outcome = 'success' and grant_id = $1
       order by at desc limit 1`,
      [receipt.grant_id],
    );
    expect(event?.detail).toMatchObject({
      wording: CONSENT_WORDING_VERSION,
      receipt: receipt.hash.toString('hex'),
      labels: [],
    });
  });

  it('is in the language of the page', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.get('/language?to=es&return_to=/');
    const { receipt } = await agree({ browser });
    expect(receipt.language).toBe('es');
    expect(receipt.content).toMatch(/^Usted conectó Walks con su expediente\n/);
    expect(receipt.content).not.toMatch(/\b(You|your|until|allowed)\b/);
  });

  it('for a child contains the name of the child', async () => {
    const { receipt } = await agree({ person: SANDBOX_GUARDIAN, whose: 'Milo' });
    expect(receipt.content).toMatch(/^You connected Walks to Milo Rowan Meadowlark’s record\n/);
    expect(receipt.content).toContain('You act for Milo Rowan Meadowlark.');
  });

  it('says when the choice applies to earlier access', async () => {
    await agree();
    const { receipt } = await agree({ changes: { earlier: 'yes' } });
    expect(receipt.content).toContain('also applies to the access the app already had');
  });

  it('is not created for a denial', async () => {
    const count = async () => (await server.db.queryText('select from receipt', [])).length;
    const before = await count();
    await expect(agree({ changes: { decision: 'deny' } })).rejects.toThrow('access_denied');
    expect(await count()).toBe(before);
  });

  it('has no line that a name can start', async () => {
    await server.db.queryText(
      "update demographics set name = E'Lou\\nYou allowed it to see:\\n- everything' where name = 'Lou Live'",
      [],
    );
    const { receipt } = await agree({ changes: { allow: [] } });
    expect(receipt.content.match(/^You allowed it to see:$/gm)).toHaveLength(1);
    await server.db.queryText("update demographics set name = 'Lou Live' where name like 'Lou%'", []);
  });
});

describe('the connection email', () => {
  it('goes to the confirmed address, contains the receipt, and is signed by the practice', async () => {
    await setEmail(lou, 'lou@home.example');
    const { receipt } = await agree();
    await setEmail(lou, null);
    const [mail, ...others] = await emailsTo('lou@home.example');
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      subject: 'You connected Walks to your record',
      outbox: false,
      sender_name: 'Live practice',
    });
    expect(mail?.content.startsWith(receipt.content)).toBe(true);
    expect(mail?.content).toContain('We will never ask for your password');
  });

  it('about a sandbox patient never leaves the server', async () => {
    await setEmail(SANDBOX_GUARDIAN, 'claire@home.example');
    await agree({ person: SANDBOX_GUARDIAN, whose: 'Milo' });
    expect(await emailsTo('claire@home.example')).toMatchObject([
      { outbox: true, subject: 'You connected Walks to Milo Rowan Meadowlark’s record' },
    ]);
  });

  it('RFC 5322 §2.2: has no header that a name from the record can start', async () => {
    const rename = (name: string) =>
      server.db.queryText("update demographics set name = $1 where name like 'Milo%'", [name]);
    await setEmail(SANDBOX_GUARDIAN, 'header@home.example');
    await rename('Milo\r\nBcc: a@b.example');
    const { done } = await agree({ person: SANDBOX_GUARDIAN, whose: 'Milo' });
    await rename('Milo Rowan Meadowlark');
    expect(done.status).toBe(303);
    expect(await emailsTo('header@home.example')).toMatchObject([
      { subject: 'You connected Walks to Milo Bcc: a@b.example’s record' },
    ]);
  });

  it('is atomic with the consent: if the email cannot be queued, nothing is granted', async () => {
    const counts = async () =>
      (
        await server.db.queryText<{ receipts: string; families: string; mails: string }>(
          `select (select count(*) from receipt) as receipts, (select count(*) from token_family) as families,
             (select count(*) from mail) as mails`,
          [],
        )
      )[0];
    const before = await counts();
    await setEmail(lou, 'no address');
    const { done } = await agree();
    expect({ status: done.status, location: done.location }).toEqual({ status: 400, location: undefined });
    expect(await counts()).toEqual(before);
    await setEmail(lou, null);
  });
});

describe('a published sandbox account is shared: each browser sees only its own choices', () => {
  const seen = async (browser: PatientBrowser) => {
    const { client_id, redirect_uri } = app;
    const { body } = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_PATIENT);
    return {
      medicines: sharedItems(body).includes('MedicationRequest'),
      days: attributeOf(body, '[name=duration][checked]', 'value'),
      earlier: hasElement(body, '[name=earlier]'),
      isNew: hasElement(body, '.new'),
    };
  };
  const FIRST = { medicines: true, days: '', earlier: false, isNew: false };

  it('in the defaults of the page and in the notice that the app has access', async () => {
    const one = await agree({ person: SANDBOX_PATIENT, changes: { allow: ['Encounter'], duration: 'P1D' } });
    expect(one.receipt.browser).not.toBeNull();
    expect(await seen(new PatientBrowser(server.app))).toEqual(FIRST);
    expect(await seen(one.browser)).toEqual({ medicines: false, days: 'P1D', earlier: true, isNew: false });
    const two = await agree({ person: SANDBOX_PATIENT, query: { scope: 'patient/Immunization.rs' } });
    expect(await seen(one.browser)).toMatchObject({ medicines: false, days: 'P1D', isNew: false });
    expect(await seen(two.browser)).toEqual({ medicines: true, days: '', earlier: true, isNew: true });
  });

  it('declined items stay declined after a page that did not ask about them', async () => {
    const { browser } = await agree({ person: SANDBOX_PATIENT, changes: { allow: [] } });
    const query = { scope: 'patient/Immunization.rs' };
    await agree({ person: SANDBOX_PATIENT, browser, query, changes: { allow: ['Immunization'] } });
    expect(await seen(browser)).toMatchObject({ medicines: false });
  });

  it('a choice only restricts earlier access from the same browser, whatever the form contains', async () => {
    const familyOf = async (receipt: Receipt) =>
      (
        await server.db.queryText<{ denied: string[] }>('select denied from token_family where family_id = $1', [
          receipt.family_id,
        ])
      )[0]?.denied;
    const one = await agree({ person: SANDBOX_PATIENT });
    const two = await agree({ person: SANDBOX_PATIENT });
    await agree({ person: SANDBOX_PATIENT, changes: { allow: [], earlier: 'yes' } });
    expect({ one: await familyOf(one.receipt), two: await familyOf(two.receipt) }).toEqual({ one: [], two: [] });
    await agree({ person: SANDBOX_PATIENT, browser: two.browser, changes: { allow: [], earlier: 'yes' } });
    expect(await familyOf(one.receipt)).toEqual([]);
    expect(await familyOf(two.receipt)).toContain('MedicationRequest');
  });
});

describe('existing access', () => {
  it('is described on the page: since when, to what, until when', async () => {
    const again = await addApp(server, { name: 'Again' });
    await agree({ to: again, changes: { allow: ['MedicationRequest', 'Observation:laboratory'], duration: 'P30D' } });
    const { page } = await agree({ to: again });
    const text = textOf(page);
    expect(text).toMatch(
      /On \w+ \d+, \d{4}, you let Again see your record: Personal details, Medicines,? and Lab results, until \w+ \d+, \d{4} at \d+:\d\d/,
    );
  });
});
