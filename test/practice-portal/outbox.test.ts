import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { createEmailQueue, type Email } from '../../src/mail/index.ts';
import { attributeOf, attributesOf, codeIn, linksOf, textOf } from '../support/browser/html.ts';
import { inClear } from '../support/in-clear.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { LIVE_PRACTICE, listAuditEvents, signInAdministrator, signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const TEXT = `Open https://records.example/join/abc?x=1&y=2 now.
Or http://localhost:8080/join/abc?x=1&y=2, or http://localhost:8080//evil.example/x
Never https://evil.example/http://localhost:8080/x, javascript:alert(1) or http://user@localhost:8080/x
<script>alert(1)</script>`;

let server: TestServer;
let open: TestServer;
beforeAll(async () => {
  server = await startServer();
  open = await startServer({ PUBLIC_URL: 'https://records.example', TRUST_PROXY: 'loopback' });
  await Promise.all([server, open].map(queueEmail));
});
afterAll(async () => {
  await server.close();
  await open.close();
});

async function queueEmail({ db, clock }: TestServer): Promise<void> {
  const queue = createEmailQueue({ clock, random, encryption: inClear, sends: false });
  const email: Email = {
    to: 'ann@example.org',
    subject: 'One <b>',
    text: TEXT,
    language: 'en',
    senderName: 'Lakeside',
    reason: 'account',
    sandbox: true,
  };
  await db.transaction((tx) => queue.queueInTransaction(tx, email));
}

interface OutboxRequest {
  readonly remoteAddress?: string;
  readonly headers?: Record<string, string>;
}
const ask = async ({ app }: TestServer, { remoteAddress = '127.0.0.1', headers = {} }: OutboxRequest = {}) => {
  const answer = await app.inject({ url: '/outbox', remoteAddress, headers: { host: 'localhost:8080', ...headers } });
  return answer.statusCode;
};

describe('the outbox', () => {
  it('is readable on the same machine without sign-in if the server listens only locally', async () => {
    for (const remoteAddress of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      expect(await ask(server, { remoteAddress })).toBe(200);
    for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST'])
      expect(await ask(server, { headers: { host } })).toBe(200);
  });

  it('is not found for other machines', async () => {
    for (const remoteAddress of ['10.0.0.1', '203.0.113.9', '::ffff:10.0.0.1', 'fe80::1', '2001:db8::1'])
      expect(await ask(server, { remoteAddress }), remoteAddress).toBe(404);
  });

  it('is not found through a reverse proxy on this machine, because the server is then public', async () => {
    expect(await ask(open)).toBe(404);
    expect(await ask(open, { headers: { host: 'records.example', 'x-forwarded-for': '127.0.0.1' } })).toBe(404);
    expect(await ask(open, { headers: { host: 'localhost' } })).toBe(404);
    for (const name of ['x-forwarded-for', 'x-forwarded-host', 'forwarded', 'via', 'x-real-ip', 'cf-connecting-ip'])
      expect(await ask(server, { headers: { [name]: '127.0.0.1' } }), name).toBe(404);
  });

  it('is not found under a host name that points to this machine: DNS rebinding', async () => {
    for (const host of [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '@localhost',
    ])
      expect(await ask(server, { headers: { host } }), host).toBe(404);
  });

  it('is readable for administrators of the installation, from anywhere, and for no other account', async () => {
    const at = (session: string | undefined): OutboxRequest => ({
      remoteAddress: '203.0.113.9',
      headers: { cookie: `session=${session}` },
    });
    const { browser } = await signInAdministrator(server);
    expect(await ask(server, at(browser.cookie('session')))).toBe(200);
    const boss = await signInStaff(server, ['administrator', 'privacy-officer'], [LIVE_PRACTICE]);
    expect(await ask(server, at(boss.browser.cookie('session')))).toBe(404);
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    expect(await ask(server, at(patient.cookie('session')))).toBe(404);
  });

  it('displays email as text, with links only to this server', async () => {
    const { body } = await new PatientBrowser(server.app).get('/outbox');
    expect(textOf(body)).toContain('One <b>');
    expect(codeIn(body)).toEqual([]);
    expect(attributesOf(body, 'pre [href]', 'href')).toEqual(['/join/abc?x=1&y=2']);
    expect(body).toContain('https://evil.example/');
  });

  it('is never cached', async () => {
    const { headers } = await new PatientBrowser(server.app).get('/outbox');
    expect(headers['cache-control']).toBe('no-store');
  });

  it('records each view, with the viewer, before the response is sent', async () => {
    const before = (await listAuditEvents(server, 'outbox')).length;
    const ada = await signInAdministrator(server);
    await ada.browser.get('/outbox');
    await new PatientBrowser(server.app).get('/outbox');
    const [last, previous, ...others] = await listAuditEvents(server, 'outbox');
    expect(others).toHaveLength(before);
    expect({ previous, last }).toMatchObject({
      previous: { account_id: ada.accountId, detail: { by: 'administrator', mails: 1 } },
      last: { account_id: null, detail: { by: 'this machine', mails: 1 } },
    });
    await server.db.queryText('alter table audit_event rename to gone', []);
    const { status, body } = await new PatientBrowser(server.app).get('/outbox');
    await server.db.queryText('alter table gone rename to audit_event', []);
    expect({ isError: status >= 500, hasLink: body.includes('/join/abc') }).toEqual({ isError: true, hasLink: false });
  });

  it('displays the delivery status of sent and queued email, without its text or full address', async () => {
    await server.db.queryText('update mail set outbox = false', []);
    const pending = await new PatientBrowser(server.app).get('/outbox');
    expect(pending.body).toContain('pending');
    await server.db.queryText('update mail set sent_at = now(), content = null', []);
    const sent = await new PatientBrowser(server.app).get('/outbox');
    await server.db.queryText('delete from mail', []);
    await queueEmail(server);
    for (const { body } of [pending, sent]) {
      expect(body).not.toContain('/join/abc');
      expect(body).not.toContain('ann@example.org');
      expect(body).toContain('a…@example.org');
    }
    expect(sent.body).toContain(' · sent ');
  });
});

describe('the home page', () => {
  // Without a live practice, the start page of the sandbox takes its place.
  beforeAll(() => signInStaff(server, ['front-desk']));

  it('leads each of the four user groups to their pages', async () => {
    const { body } = await new PatientBrowser(server.app).get('/');
    const paths = ['/account', '/enroll', '/practice', '/practice/administration', '/demo'];
    expect(linksOf(body)).toEqual(expect.arrayContaining(paths));
    expect(body).toContain('/metadata');
  });

  it('addresses patients and staff in Spanish too', async () => {
    const answer = await server.app.inject({ url: '/', headers: { 'accept-language': 'es-MX,es;q=0.9' } });
    expect(attributeOf(answer, 'html', 'lang')).toBe('es');
    expect(answer.body).toContain('Su expediente médico, en la aplicación que usted elija');
    expect(textOf(answer)).toContain('Ir al portal del consultorio');
  });
});
