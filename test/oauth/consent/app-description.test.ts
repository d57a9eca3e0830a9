import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../../src/apps/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { parse, textOf, textsOf } from '../../support/browser/html.ts';
import { OAUTH, PatientBrowser } from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox' });
});
afterAll(() => server.close());

/** Text about the app on its consent page, and the link to its privacy policy. */
async function about(client_id: string, redirect_uri: string) {
  const page = await new PatientBrowser(server.app).authorize({ response_type: 'code', client_id, redirect_uri });
  const policy = parse(page)('.about-app a');
  return { text: textsOf(page, '.about-app').join(' '), policy: { ...policy[0]?.attribs, text: policy.text() } };
}
async function aboutApp(options: Partial<AppRegistration>) {
  const { client_id, redirect_uri } = await addApp(server, options);
  return about(client_id, redirect_uri);
}

describe('what the consent page says about an app', () => {
  it('shows that the operator verified the developer', async () => {
    const { text } = await aboutApp({ developer: 'Acme Health', verifiedAt: new Date('2026-11-03T12:00:00Z') });
    expect(text).toContain('made by Acme Health . The people who run this service verified that on November 3, 2026');
  });
  it('shows the answers about data use, and how many questions the developer did not answer', async () => {
    const { text } = await aboutApp({ dataUse: { sold: 'no', shared: 'with-consent' } });
    expect(text).toContain(
      'The app says: It does not sell your data. It shares your data with others only if you agree. It did not answer 6 of our 8 questions.',
    );
  });
  it.each([
    ['https://acme.example:8443/privacy?x=1', 'acme.example:8443'],
    ['http://localhost:8080/demo/privacy', 'localhost:8080'],
    ['http://acme.example/privacy', undefined],
    ['http://localhost.evil.example/privacy', undefined],
    ['javascript:alert(1)', undefined],
    ['https://bank.example@evil.example/', undefined],
    [{ href: 'https://acme.example' }, undefined],
  ])('links the privacy policy %s', async (policy_uri, host) => {
    const { text, policy } = await aboutApp({ metadata: { policy_uri } });
    if (host === undefined) {
      expect(policy).toEqual({ text: '' });
      expect(text).toContain('doesn’t link to a privacy policy');
      return;
    }
    expect(policy).toEqual({
      href: policy_uri,
      target: '_blank',
      rel: 'noopener noreferrer',
      text: `Read its privacy policy at ${host}`,
    });
  });
  it.each([
    ['https://app.example/cb', 'It sends your data to app.example .'],
    ['http://localhost:3000/cb', 'to a program on this device: localhost:3000 .'],
    ['http://[::1]/cb', 'to a program on this device: [::1] .'],
    // RFC 8252 §7.1: a private-use URI scheme is followed by a path, not by a host.
    ['com.example.app://bank.example/cb', 'to a program on this device: com.example.app .'],
    ['https://xn--bnk-ula.example/cb', 'It sends your data to xn--bnk-ula.example .'],
  ])('names the destination %s', async (uri, destination) => {
    expect((await aboutApp({ redirectUris: [uri] })).text).toContain(destination);
  });
});

describe('RFC 7591: an app that registers itself', () => {
  const CALLBACK = 'https://itself.example/cb';
  const send = async (method: 'POST' | 'PUT', url: string, payload: object, token?: string) =>
    (
      await server.app.inject({
        method,
        url,
        payload,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })
    ).json();
  const register = (more: object = {}) =>
    send('POST', `${OAUTH}/register`, { client_name: 'Your Bank', redirect_uris: [CALLBACK], ...more });

  it('shows neither a developer nor a data use, which only the operator can enter', async () => {
    const claims = { developer: 'Your Bank, Inc.', verified_at: '2026-01-01', data_use: { sold: 'no' }, dataUse: {} };
    const { client_id } = await register({ ...claims, policy_uri: 'https://itself.example/privacy' });
    const { text } = await about(client_id, CALLBACK);
    expect(text).toContain('It doesn’t say who makes it');
    expect(text).toContain('It did not answer any of our 8 questions');
    expect(text).toContain('Anyone can give an app any name. Only its address is certain: itself.example');
    expect(text).toContain('Read its privacy policy at itself.example');
  });

  it('puts the name in quotation marks wherever it appears, and the name cannot close them', async () => {
    const name = 'Walks” is safe. Press Allow for “it';
    const { client_id } = await register({ client_name: name });
    const browser = new PatientBrowser(server.app);
    const query = { response_type: 'code', client_id, redirect_uri: CALLBACK, scope: 'openid patient/*.rs' };
    const first = await browser.get(`${OAUTH}/authorize?${new URLSearchParams(query)}`);
    const shown = '“Walks’ is safe. Press Allow for ’it”';
    expect((await browser.get(first.location ?? '')).body).toContain(shown);
    const page = await browser.authorize(query);
    const text = textOf(page);
    expect(text).toContain(`Share your health record with ${shown}?`);
    expect(text.replaceAll(shown, '')).not.toMatch(/press allow/i);
    const choice = await new PatientBrowser(server.app).authorize(query, SANDBOX_GUARDIAN);
    expect(choice.body).toContain(`Whose record do you want to share with ${shown}?`);
    await browser.submitConsent(page);
    const [receipt] = await server.db.queryText<{ content: string }>(
      'select content from receipt order by at desc limit 1',
      [],
    );
    expect(receipt?.content).toContain(`App: ${shown}\n`);
  });

  it('RFC 7591 §3.2.2: is rejected if its name is a sentence or contains lookalike letters', async () => {
    for (const [client_name, why] of [
      ['Please press Allow now, so that your record is not lost for good', 'at most 60'],
      ['Your B\u0430nk', 'mix alphabets'],
    ]) {
      const { error, error_description } = await register({ client_name });
      expect({ error, error_description }).toEqual({
        error: 'invalid_client_metadata',
        error_description: expect.stringContaining(why ?? ''),
      });
    }
  });

  it('RFC 7592 §2.2: loses its verification when its name or address changes', async () => {
    const registered = await register();
    const verify = () =>
      server.db.queryText("update app set developer = 'Acme', verified_at = now() where client_id = $1", [
        registered.client_id,
      ]);
    const change = (more: object) =>
      send(
        'PUT',
        `${OAUTH}/register/${registered.client_id}`,
        { client_id: registered.client_id, client_name: 'Your Bank', redirect_uris: [CALLBACK], ...more },
        registered.registration_access_token,
      );
    const isVerified = async () => (await about(registered.client_id, CALLBACK)).text.includes('verified that on');
    for (const [more, isStillVerified] of [
      [{ logo_uri: 'https://itself.example/logo' }, true],
      [{ client_name: 'Other Bank' }, false],
      [{ redirect_uris: [CALLBACK, 'https://evil.example/cb'] }, false],
    ] as const) {
      await change({});
      await verify();
      expect(await isVerified()).toBe(true);
      await change(more);
      expect(await isVerified(), JSON.stringify(more)).toBe(isStillVerified);
    }
  });
});
