import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hours, later } from '../../src/kernel/index.ts';
import { hasElement, textsOf } from '../support/browser/html.ts';
import { type ApiCaller, apiCaller, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let admin: ApiCaller & { readonly session: string };
beforeAll(async () => {
  server = await startServer();
  admin = await signInReviewer(server);
  await server.runMaintenance();
});
afterAll(() => server.close());
beforeEach(() => server.db.queryText('delete from status_incident', []));

const INCIDENT = { kind: 'incident', title: 'Apps can’t read', text: 'We look for the cause.', components: ['r4'] };
const tell = (changes: object = {}) => admin.call('POST', '/review/incidents', { ...INCIDENT, ...changes });
const at = (milliseconds: number): string => later(server.clock.now(), milliseconds).toISOString();
const page = async (): Promise<string> => (await server.app.inject({ method: 'GET', url: '/status' })).body;
const open = async () => (await apiCaller(server, undefined).call('GET', '/public/status')).body;

describe('an incident', () => {
  it('is public immediately, and counts as a partial outage', async () => {
    const { status, body } = await tell();
    expect({ status, standing: body.standing, text: body.posts[0].text }).toEqual({
      status: 200,
      standing: 'open',
      text: INCIDENT.text,
    });
    expect(await page()).toMatch(
      /Some services have problems right now[\s\S]*Apps can’t read[\s\S]*We look for the cause\./,
    );
    expect(await open()).toMatchObject({ overall: 'partly', incidents: [{ title: INCIDENT.title, standing: 'open' }] });
  });

  it('gets updates, the newest first, until it is resolved; then nothing can be added', async () => {
    const { body } = await tell();
    const posts = `/review/incidents/${body.incidentId}/posts`;
    await admin.call('POST', posts, { text: 'A disk is full.', over: false });
    const done = await admin.call('POST', posts, { text: 'It is over.', over: true });
    expect(done.body).toMatchObject({
      standing: 'over',
      posts: [{ text: 'It is over.' }, { text: 'A disk is full.' }, {}],
    });
    const more = await admin.call('POST', posts, { text: 'More', over: false });
    expect({ status: more.status, code: more.body.code }).toEqual({ status: 409, code: 'conflict' });
    expect((await open()).overall).toBe('working');
  });

  it('keeps every concurrent update', async () => {
    const { body } = await tell();
    const posts = `/review/incidents/${body.incidentId}/posts`;
    const texts = ['one', 'two', 'three', 'four'];
    await Promise.all(texts.map((text) => admin.call('POST', posts, { text, over: false })));
    const [incident] = (await open()).incidents;
    expect(incident.posts.map(({ text }: { text: string }) => text).toSorted()).toEqual(
      [INCIDENT.text, ...texts].toSorted(),
    );
  });

  it('can be deleted if it was posted by mistake', async () => {
    const { body } = await tell();
    const deleted = await admin.call('DELETE', `/review/incidents/${body.incidentId}`);
    expect({ status: deleted.status, incidents: deleted.body.incidents }).toEqual({ status: 200, incidents: [] });
    expect((await admin.call('DELETE', `/review/incidents/${body.incidentId}`)).status).toBe(404);
    expect(await page()).not.toContain(INCIDENT.title);
  });

  it('is in the audit log with its author', async () => {
    const { body } = await tell();
    const rows = await server.db.queryText<{ detail: object }>(
      `select detail from audit_event where kind = 'status' and detail->>'incident' = $1`,
      [body.incidentId],
    );
    expect(rows).toEqual([{ detail: { action: 'begin', incident: body.incidentId } }]);
  });

  it('displays all input as text', async () => {
    const hostile = '<script>alert(1)</script>\u0000\u202e';
    await tell({ title: hostile, text: `${hostile}\nsecond line` });
    const html = await page();
    expect(hasElement(html, 'script')).toBe(false);
    expect(html).not.toContain('\u202e');
    expect(textsOf(html, 'p')).toContain('second line');
  });
});

describe('maintenance', () => {
  const planned = (changes: object = {}) => ({
    kind: 'maintenance',
    title: 'New disks',
    text: 'Two hours.',
    components: ['r4', 'dstu2'],
    beganAt: at(hours(24)),
    plannedUntil: at(hours(26)),
    ...changes,
  });

  it('is announced in advance, and counts as an outage only once it starts', async () => {
    const { body } = await tell(planned());
    expect(body.standing).toBe('planned');
    expect((await open()).overall).toBe('working');
    expect(await page()).toContain('Planned maintenance');
  });

  it('ends at its planned time', async () => {
    const { body } = await tell(planned({ beganAt: at(-hours(3)), plannedUntil: at(-hours(1)) }));
    expect(body.standing).toBe('over');
  });

  it.each([
    ['without an end', { plannedUntil: undefined }, 'plannedUntil'],
    ['that ends before it begins', { plannedUntil: '2020-01-01T00:00:00Z' }, 'plannedUntil'],
    ['at an invalid time', { beganAt: 'tomorrow' }, 'beganAt'],
    ['of only white space', { title: '  ' }, 'title'],
    ['without text', { text: '\u0000 ' }, 'text'],
    ['of an unknown component', { components: ['printer'] }, 'components.0'],
    ['with an unknown field', { severity: 'high' }, 'severity'],
  ])('%s is rejected with its field', async (_what, changes, field) => {
    const { status, body } = await tell(planned(changes));
    expect({ status, field: body.errors?.[0].field }).toEqual({ status: 400, field });
  });

  it('a future incident is maintenance', async () => {
    const { status, body } = await tell({ beganAt: at(hours(1)) });
    expect({ status, field: body.errors[0].field }).toEqual({ status: 400, field: 'beganAt' });
  });
});

describe('access to incidents', () => {
  const ID = '00000000-0000-4000-8000-000000000000';
  const ROUTES = [
    ['GET', '/review/incidents', undefined],
    ['POST', '/review/incidents', INCIDENT],
    ['POST', `/review/incidents/${ID}/posts`, { text: 'x', over: true }],
    ['DELETE', `/review/incidents/${ID}`, undefined],
  ] as const;

  it.each(ROUTES)('%s %s is only for administrators', async (method, path, body) => {
    expect((await apiCaller(server, undefined).call(method, path, body)).status).toBe(401);
    expect((await (await signInDeveloper(server)).call(method, path, body)).status).toBe(403);
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in?return_to=/');
    expect((await apiCaller(server, patient.cookie('session')).call(method, path, body)).status).toBe(403);
    const staff = await signInStaff(server, ['administrator', 'privacy-officer']);
    expect((await apiCaller(server, staff.browser.cookie('session')).call(method, path, body)).status).toBe(403);
  });

  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    '%s %s requires the CSRF token of the pages',
    async (method, path) => {
      const answer = await server.app.inject({
        method,
        url: `/api${path}`,
        headers: { cookie: `session=${admin.session}`, 'content-type': 'application/json' },
        payload: '{}',
      });
      expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status: 403, code: 'form-expired' });
    },
  );

  it('an unknown incident is not found', async () => {
    expect((await admin.call('POST', `/review/incidents/${ID}/posts`, { text: 'x', over: true })).status).toBe(404);
    expect((await admin.call('DELETE', '/review/incidents/not-an-id')).status).toBe(400);
  });
});
