import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadApp, type SubmittedApp, submitApp, submitBackend } from '../../support/apps/review.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let ada: Awaited<ReturnType<typeof signInReviewer>>;
beforeAll(async () => {
  server = await startServer();
  ada = await signInReviewer(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  dev = await signInDeveloper(server);
});

const decide = ({ clientId }: SubmittedApp, what: string, body?: object, who = ada) =>
  who.call('POST', `/review/apps/${clientId}/${what}`, body);

describe('text that PostgreSQL cannot store causes no server error', () => {
  it.each([['an unpaired surrogate', 'Say\ud800 more.', 'Say\ufffd more.']])(
    '%s in a question, a reason or a note',
    async (_name, text, stored) => {
      const app = await submitApp(server, dev);
      const response = await decide(app, 'ask', { version: 1, question: text });
      const noted = await decide(app, 'notes', { content: text });
      const rejected = await decide(app, 'reject', { version: 1, ground: 'authenticity', text });
      expect({ asked: response.status, noted: noted.status, rejected: rejected.status }).toEqual({
        asked: 200,
        noted: 200,
        rejected: 200,
      });
      expect(noted.body.notes[0].content).toBe(stored);
      const { body } = await ada.call('GET', `/review/apps/${app.clientId}`);
      expect(body.versions[0].reason).toBe(stored);
    },
  );

  it('a NUL, or text that is empty after cleaning', async () => {
    const app = await submitApp(server, dev);
    for (const text of ['\u0000', ' \n '])
      for (const [what, body] of [
        ['ask', { version: 1, question: text }],
        ['reject', { version: 1, ground: 'authenticity', text }],
      ] as const)
        expect((await decide(app, what, body)).status, what).toBe(400);
  });

  it('a number that cannot be a version or a practice', async () => {
    const app = await submitBackend(server, dev);
    const logo = await ada.call('GET', `/review/apps/${app.clientId}/logo?version=3000000000`);
    const approved = await decide(app, 'approve', { version: 1, practiceIds: [3_000_000_000] });
    const approval = await decide(app, 'approve', { version: 3_000_000_000 });
    expect({ logo: logo.status, approved: approved.status, looked: approval.status }).toEqual({
      logo: 400,
      approved: 400,
      looked: 409,
    });
    for (const text of ['%00', '%ED%A0%80', '%', '\\', "'"])
      for (const list of ['queue', 'apps', 'organisations'])
        expect((await ada.call('GET', `/review/${list}?text=${text}`)).status).toBeLessThan(500);
    expect((await ada.call('GET', '/review/apps/a%00b')).status).toBeLessThan(500);
    expect((await ada.call('GET', '/review/apps/a%00b/logo?version=1')).status).toBeLessThan(500);
    expect((await decide({ clientId: 'a%00b' } as never, 'notes', { content: 'x' })).status).toBeLessThan(500);
  });
});

it('a backend app is approved only for existing practices', async () => {
  const app = await submitBackend(server, dev);
  const { status, body } = await decide(app, 'approve', { version: 1, practiceIds: [1, 424_242] });
  expect({ status, code: body.code, field: body.errors?.[0]?.field }).toEqual({
    status: 400,
    code: 'fields-invalid',
    field: 'practiceIds',
  });
});

describe('an organization is verified under the name that the administrator saw', () => {
  const rename = () => dev.call('PATCH', `/developer/organisations/${dev.organisationId}`, { name: 'Big Hospital' });
  const verifiedAt = async () =>
    (await ada.call('GET', '/review/organisations')).body.organisations.find(
      (one: { organisationId: string }) => one.organisationId === dev.organisationId,
    ).verifiedAt;
  const seen = () => `Maker ${dev.email.split('@')[1]}`;

  it('by itself', async () => {
    const name = seen();
    await rename();
    const path = `/review/organisations/${dev.organisationId}/verify`;
    const late = await ada.call('POST', path, { name });
    expect({ status: late.status, code: late.body.code, verifiedAt: await verifiedAt() }).toEqual({
      status: 409,
      code: 'conflict',
      verifiedAt: null,
    });
    expect((await ada.call('POST', path, { name: 'Big Hospital' })).status).toBe(200);
    expect(await verifiedAt()).not.toBeNull();
  });

  it.each(['verify', 'approve'])('with its app: %s', async (what) => {
    const app = await submitApp(server, dev);
    await rename();
    const late = await decide(app, what, { version: 1, organisation: seen() });
    expect({ status: late.status, code: late.body.code, verifiedAt: await verifiedAt() }).toEqual({
      status: 409,
      code: 'conflict',
      verifiedAt: null,
    });
    const now = await decide(app, what, { version: 1, organisation: 'Big Hospital' });
    expect({ status: now.status, isUnverified: (await loadApp(server, app.clientId)).verifiedAt === null }).toEqual({
      status: 200,
      isUnverified: false,
    });
  });
});

it('concurrent decisions about two apps of one organization that both verify it do not deadlock', async () => {
  const strict = await startServer({ PATIENT_APP_REVIEW: 'automatic' });
  try {
    const [one, two] = [await signInReviewer(strict), await signInReviewer(strict, 'Bob Min')];
    await Promise.all([one, two].map((who) => who.call('POST', '/review/apps/nothing/checks')));
    for (let round = 0; round < 8; round += 1) {
      const maker = await signInDeveloper(strict);
      const organisation = `Maker ${maker.email.split('@')[1]}`;
      const apps = [await submitApp(strict, maker), await submitApp(strict, maker)] as const;
      const answers = await Promise.all([
        one.call('POST', `/review/apps/${apps[0].clientId}/verify`, { version: 1, organisation }),
        two.call('POST', `/review/apps/${apps[1].clientId}/verify`, { version: 1, organisation }),
        two.call('POST', `/review/organisations/${maker.organisationId}/unverify`),
      ]);
      expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    }
  } finally {
    await strict.close();
  }
});
