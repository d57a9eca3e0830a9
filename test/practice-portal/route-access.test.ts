import { afterAll, beforeAll, expect, it } from 'vitest';
import { hiddenFields } from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { addAnotherPractice, LIVE_PRACTICE, signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

interface Route {
  readonly path: string;
  readonly methods: readonly string[];
}

let server: TestServer;
let routes: readonly Route[];
beforeAll(async () => {
  server = await startServer();
  await server.app.ready();
  routes = routesIn(server.app.printRoutes({ commonPrefix: false })).filter(({ path }) => OURS.test(path));
});
afterAll(() => server.close());

/** Paths for which a role is required. `/practice` and `/account` also redirect users to sign-in. */
const OURS = /^\/(account|practice|outbox)(\/|$)/;

/** Lists all routes from the router's own printed tree, in which each level is indented by four characters. */
function routesIn(tree: string): readonly Route[] {
  const above: string[] = [];
  const found: Route[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', part = '', methods] = /^((?:[│ ] {3})*)[├└]── (\S*)(?: \(([^)]+)\))?/.exec(line) ?? [];
    const level = indent.length / 4;
    above.length = level;
    above.push(part);
    if (methods !== undefined) found.push({ path: above.join(''), methods: methods.split(', ') });
  }
  return found;
}

const ID = '00000000-0000-4000-8000-000000000000';
const addressOf = ({ path }: Route): string =>
  path
    .replace(':practiceId', String(LIVE_PRACTICE))
    .replaceAll(/:[A-Za-z]+/g, ID)
    .replaceAll('*', 'x');

const csrfOf = async (browser: PatientBrowser): Promise<string> => {
  const { body } = await browser.get('/account/security');
  return hiddenFields(body === '' ? (await browser.get('/sign-in')).body : body)['csrf'] ?? '';
};

/** Responses of each route to a user, for GET and POST. */
async function answers(browser: PatientBrowser, of: (route: Route) => boolean) {
  const found: (readonly [string, number, string | undefined])[] = [];
  for (const route of routes.filter(of)) {
    const address = addressOf(route);
    if (route.methods.includes('GET')) {
      const { status, location } = await browser.get(address);
      found.push([`GET ${route.path}`, status, location]);
    }
    if (!route.methods.includes('POST')) continue;
    const { status, location } = await browser.post(address, { csrf: await csrfOf(browser) });
    found.push([`POST ${route.path}`, status, location]);
  }
  return found;
}

const leadsToSignIn = (status: number, location = ''): boolean => status === 303 && location.startsWith('/sign-in');

it('the router has the routes of the patient portal and the practice portal', () => {
  expect(routes.length).toBeGreaterThan(70);
  expect(routes.map(({ path }) => path)).toContain('/practice/:practiceId/patients');
});

it('without a session every page and form leads to sign-in or is denied', async () => {
  for (const [route, status, location] of await answers(
    new PatientBrowser(server.app),
    ({ path }) => path !== '/outbox',
  )) {
    // These forms, if they are submitted twice, lead to a page that itself leads to sign-in.
    const isConfirmed = route.startsWith('POST /account/security/confirm') && location === '/account/security';
    const closed = leadsToSignIn(status, location) || isConfirmed || (status >= 400 && status < 500);
    expect({ route, closed }, `${status} ${location}`).toEqual({ route, closed: true });
  }
});

it('a patient’s session opens no page of the practice', async () => {
  const patient = new PatientBrowser(server.app);
  await patient.signIn('/sign-in');
  for (const [route, status] of await answers(patient, ({ path }) => path.startsWith('/practice')))
    expect({ route, isRejected: [401, 403, 404].includes(status) }, String(status)).toEqual({
      route,
      isRejected: true,
    });
});

it('a staff session opens only the sign-in pages of the patient portal', async () => {
  const { browser } = await signInStaff(server, ['front-desk', 'clinician', 'privacy-officer', 'administrator']);
  const records = ({ path }: Route) => path.startsWith('/account') && !path.startsWith('/account/security');
  for (const [route, status] of await answers(browser, records))
    expect({ route, isRejected: [401, 403, 404].includes(status) }, String(status)).toEqual({
      route,
      isRejected: true,
    });
});

it('a user with every role at one practice cannot open anything of another practice or the installation', async () => {
  const elsewhere = await addAnotherPractice(server, 'Elsewhere');
  const roles = ['front-desk', 'clinician', 'privacy-officer', 'administrator'] as const;
  const { browser } = await signInStaff(server, roles, [elsewhere]);
  const theirs = ({ path }: Route) => /^\/practice\/(:practiceId|administration)/.test(path);
  for (const [route, status] of await answers(browser, theirs))
    expect({ route, isRejected: [403, 404].includes(status) }, String(status)).toEqual({ route, isRejected: true });
});
