import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/kernel/index.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { codeIn, countOf, linkIn, nextLink, parse, textOf } from '../support/browser/html.ts';
import { connectApp } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addPatientWithRecord, signInBrowser } from './patients.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

async function agreed() {
  const person = await addPatientWithRecord(server);
  await connectApp(server.app, app, {}, {}, person);
  const browser = await signInBrowser(server, person);
  const list = await browser.get(`/account/${person.key}/receipts`);
  return { person, browser, list, path: linkIn(list, '/receipts/[0-9a-f-]{36}') };
}

interface StoredReceipt {
  readonly content: string;
  readonly hash: Buffer;
}
async function storedReceipt(accountId: string): Promise<StoredReceipt> {
  const [row] = await server.db.queryText<StoredReceipt>('select content, hash from receipt where account_id = $1', [
    accountId,
  ]);
  if (row === undefined) throw new Error('a receipt is kept');
  return row;
}

describe('receipts', () => {
  it('are listed by app and time, and an empty list explains how a receipt is created', async () => {
    const person = await addPatientWithRecord(server);
    const browser = await signInBrowser(server, person);
    expect(textOf(await browser.get(`/account/${person.key}/receipts`))).toContain(
      'You get one when you connect an app.',
    );
    const { list } = await agreed();
    expect(textOf(list)).toMatch(/Test App Agreed on \w+ \d+, \d{4} at /);
  });

  it('are in pages of 25, also those of one app', async () => {
    const { person, browser, list } = await agreed();
    await server.db.queryText(
      `insert into receipt
       select (jsonb_populate_record(r, jsonb_build_object('receipt_id', gen_random_uuid(), 'at', r.at - n * interval '1 hour'))).*
       from receipt r, generate_series(1, 25) n where account_id = $1`,
      [person.accountId],
    );
    const [{ grant_id: grantId } = { grant_id: '' }] = await server.db.queryText<{ grant_id: string }>(
      'select grant_id from receipt where account_id = $1 limit 1',
      [person.accountId],
    );
    expect(countOf(list, '.links li')).toBe(1);
    for (const query of ['', `?app=${grantId}`]) {
      const first = await browser.get(`/account/${person.key}/receipts${query}`);
      expect(countOf(first, '.links li')).toBe(25);
      const second = await browser.get(nextLink(first) ?? '');
      expect({ links: countOf(second, '.links li'), next: nextLink(second) }).toEqual({ links: 1, next: undefined });
    }
    const beyond = await browser.get(`/account/${person.key}/receipts?page=99`);
    expect(countOf(beyond, '.links li')).toBe(25);
  });

  it('sum up in one line what was shared and what was left out, and have the exact text when opened', async () => {
    const person = await addPatientWithRecord(server);
    const allow = ['MedicationRequest', 'Observation:laboratory'];
    await connectApp(server.app, app, { scope: 'patient/*.rs' }, { allow }, person);
    const browser = await signInBrowser(server, person);
    const page = await browser.get(
      linkIn(await browser.get(`/account/${person.key}/receipts`), '/receipts/[0-9a-f-]{36}'),
    );
    expect(textOf(page)).toContain('You shared: About the person, Medications, and 1 more.');
    expect(textOf(page)).toContain('You left out: Conditions and care, parts of Medications, and 5 more.');
    expect(textOf(page, 'details:not([open]) .receipt')).toContain('You allowed it to see:');
  });

  it('of an earlier wording are shown word for word', async () => {
    const { person, browser, path } = await agreed();
    const content = 'You connected Test App to your record\n\nYou allowed it to see:\n- Medicines\n';
    await server.db.queryText(
      "update receipt set content = $2, hash = $3, wording = '2026-11-26' where account_id = $1",
      [person.accountId, content, sha256(content)],
    );
    const page = await browser.get(path);
    expect(parse(page)('div.receipt').text()).toBe(content);
    expect(textOf(page)).toContain('2026-11-26');
    expect(page.body).not.toContain('role="alert"');
  });

  it('have the text of the consent, and its SHA-256', async () => {
    const { person, browser, path } = await agreed();
    const page = await browser.get(path);
    const { content, hash } = await storedReceipt(person.accountId);
    const shown = parse(page)('div.receipt[lang=en]').text();
    expect(shown).toBe(content);
    expect(sha256(shown)).toEqual(hash);
    expect(page.body).toContain(hash.toString('hex'));
    expect(page.body).not.toContain('role="alert"');
  });

  it('are saved as plain text, byte for byte', async () => {
    const { person, browser, path } = await agreed();
    const file = await browser.get(`${path}/text`);
    expect(file.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="receipt-\d{4}-\d\d-\d\d\.txt"$/);
    expect(sha256(file.body)).toEqual((await storedReceipt(person.accountId)).hash);
  });

  it('say so if the stored text was changed, and never run it', async () => {
    const { person, browser, path } = await agreed();
    await server.db.queryText('update receipt set content = $2 where account_id = $1', [
      person.accountId,
      '<script>alert(1)</script>',
    ]);
    const page = await browser.get(path);
    expect(textOf(page)).toContain('This text doesn’t match its stored fingerprint.');
    expect(codeIn(page)).toEqual([]);
    expect((await browser.get(`${path}/text`)).headers['x-content-type-options']).toBe('nosniff');
  });

  it('of one app are those of its connection', async () => {
    const { person, browser } = await agreed();
    const second = await addApp(server, { name: 'Second App' });
    await connectApp(server.app, second, {}, {}, person);
    const all = await browser.get(`/account/${person.key}/receipts`);
    expect(textOf(all)).toMatch(/Second App .*Test App/);
    const page = linkIn(await browser.get(`/account/${person.key}/apps`), '/apps/[0-9a-f-]{36}$');
    const only = await browser.get(linkIn(await browser.get(page), '/receipts\\?app'));
    expect(textOf(only)).toMatch(/Second App Agreed/);
    expect(textOf(only)).not.toContain('Test App');
  });

  it('remain when the connection ends', async () => {
    const { person, browser, path } = await agreed();
    await server.db.queryText('update consent_grant set revoked_at = now() where account_id = $1', [person.accountId]);
    expect((await browser.get(path)).status).toBe(200);
  });
});
