import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientId } from '../../src/kernel/index.ts';
import { InvitedPerson } from '../enrollment/invited-person.ts';
import {
  addUnenrolledPatient,
  FRONT_DESK,
  invitationFor,
  sendInvitation,
  type UnenrolledPatient,
} from '../enrollment/unenrolled-patients.ts';
import { registerDraft } from '../support/apps/app-drafts.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { addRegisteredApp, CALLBACK, manageRegistration } from '../support/apps/registration.ts';
import { submitApp, submitChange } from '../support/apps/review.ts';
import { linksOf, textOf } from '../support/browser/html.ts';
import {
  addPatientWithEmail,
  createRecoveryCodes,
  emailLink,
  listEmailsTo,
  SECURITY,
} from '../support/people/account-security.ts';
import {
  type ApiCaller,
  apiCaller,
  approveRequest,
  type Developer,
  signInDeveloper,
} from '../support/people/developer-portal.ts';
import {
  connectApp,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
  type TestUser,
} from '../support/people/patient.ts';
import {
  addAnotherPractice,
  LIVE_PRACTICE,
  SANDBOX_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { addPasskey, signInAs, startSession } from '../support/people/staff.ts';
import { type RestoredServer, startRestoredServer } from '../support/servers/restored-server.ts';
import type { TestServer } from '../support/servers/server.ts';

const NEW_PASSWORD = 'copper lantern orchard drizzle';
const RISK = { ground: 'security-risk', text: 'Its server leaks tokens.' };
const AUTHENTICITY = { ground: 'authenticity', text: 'Nobody answers at the address of the company.' };
const OFFLINE = { scope: 'openid offline_access launch/patient patient/*.rs' };
const STAFF = `/practice/${LIVE_PRACTICE}/staff`;
/** Milliseconds for which a server may remember that an app or a token is valid. */
const REMEMBERED = 2000;

let place: RestoredServer;
let boss: SignedInStaff;
let ada: SignedInStaff;
let bob: SignedInStaff;
let dev: Developer;
const server = (): TestServer => place.now;
const visitor = (): PatientBrowser => new PatientBrowser(server().app);

/** Access that exists at the time to which the database is restored, and ends after it. */
interface Access {
  /** Ends the access. */
  end(): Promise<unknown>;
  /** Tries the access. */
  works(): Promise<boolean>;
}

type Account = Pick<SignedInStaff, 'accountId'>;
const browserOf = ({ accountId }: Account): Promise<PatientBrowser> => signInAs(server(), accountId);
const caller = async ({ accountId }: Account): Promise<ApiCaller> =>
  apiCaller(server(), await startSession(server(), accountId));
async function call(account: Account, ...request: Parameters<ApiCaller['call']>) {
  const response = await (await caller(account)).call(...request);
  if (response.status >= 400)
    throw new Error(`${request.join(' ')}: ${response.status} ${JSON.stringify(response.body)}`);
  return response.body;
}
async function submit(browser: PatientBrowser, page: string, fields = {}, action = page): Promise<void> {
  const { status, body } = await submitForm(browser, page, fields, action);
  if (status !== 303) throw new Error(`${page}: ${status} ${body}`);
}
const opens = async (path: string, browser = visitor()): Promise<boolean> => (await browser.get(path)).status === 200;
const signsIn = async (person: TestUser): Promise<boolean> =>
  (await visitor().signIn('/sign-in', person)).status === 303;

/** Connects an app. @returns a function that tries its access token */
async function connect(app: TestApp, person: TestUser = SANDBOX_PATIENT): Promise<() => Promise<boolean>> {
  const { access_token, status, error } = await connectApp(server().app, app, OFFLINE, {}, person);
  if (status !== 200) throw new Error(`not connected: ${error}`);
  return async () => {
    server().clock.advance(REMEMBERED);
    return (await getFhir(server().app, `${R4}/Patient`, access_token)).statusCode === 200;
  };
}

async function submitted(): Promise<TestApp & { readonly clientId: string }> {
  const { clientId, clientSecret } = await submitApp(server(), dev);
  return { clientId, client_id: clientId, client_secret: clientSecret, redirect_uri: CALLBACK };
}
const approved = async () => {
  const app = await submitted();
  await place.run(['apps', 'set-state', app.clientId, 'active']);
  return app;
};
const decide = (clientId: string, what: string, body?: object) =>
  call(ada, 'POST', `/review/apps/${clientId}/${what}`, body);

/** Invites a colleague. @returns the path of the invitation, and of the page that cancels it */
async function staffInvitation() {
  const browser = await browserOf(boss);
  const cancelLinks = async () => linksOf(await browser.get(STAFF)).filter((link) => link.endsWith('/cancel'));
  const before = await cancelLinks();
  const response = await submitForm(browser, `${STAFF}/invite`, { name: 'New Colleague', roles: 'clinician' });
  const path = new URL(textOf(response, 'code')).pathname;
  const [cancel = ''] = (await cancelLinks()).filter((link) => !before.includes(link));
  return { path, cancel, works: () => opens(path) };
}
async function organisationInvitation() {
  const guest = await signInDeveloper(server());
  const at = `/developer/organisations/${dev.organisationId}/invitations`;
  const { invitationId } = await call(dev, 'POST', at, { email: guest.email, role: 'developer' });
  const path = emailLink((await listEmailsTo(server(), guest.email))[0], server());
  return { guest, path, at: `${at}/${invitationId}`, works: async () => opens(path, await browserOf(guest)) };
}
/** Adds a member of the developer's organization. @returns also whether the member has this role */
async function member(role: 'developer' | 'administrator') {
  const one = await signInDeveloper(server(), { organisationId: dev.organisationId, role });
  const own = `/developer/organisations/${dev.organisationId}`;
  const works = async () => (await (await caller(one)).call('GET', own)).body?.role === role;
  return { one, at: `${own}/members/${one.accountId}`, leave: `${own}/leave`, works };
}
async function recoveryCodes() {
  const person = await addPatientWithEmail(server());
  await addPasskey(server(), person.accountId);
  const codes = await createRecoveryCodes(await browserOf(person));
  const enter = async (code = '') => {
    const browser = visitor();
    await browser.signIn('/sign-in', person);
    return (await submitForm(browser, '/sign-in/recovery-code', { code })).status === 303;
  };
  let next = 0;
  const works = () => {
    next += 1;
    return enter(codes[next]);
  };
  return { person, works, useAnother: () => enter(codes[0]), first: codes[0] };
}
async function passkey() {
  const person = await addPatientWithEmail(server());
  const key = await addPasskey(server(), person.accountId);
  const works = async () => (await visitor().usePasskey('/sign-in', key, '/sign-in')).status === 303;
  return { person, works };
}
const enrollments = () => server().enrollments;
const invited = async (changes: Parameters<typeof sendInvitation>[2] = {}) => {
  const person: UnenrolledPatient = await addUnenrolledPatient(server());
  const sent = await sendInvitation(server(), person, changes);
  return { person, sent, works: () => opens(sent.path) };
};

/** Names of the events, and what they ended. */
const ENDINGS: Readonly<Record<string, readonly [string, () => Promise<Access>]>> = {
  'tokens of an app that asked the person again': [
    'consent',
    async () => {
      const [app, person] = [await addApp(server()), await addPatientWithEmail(server())];
      return { works: await connect(app, person), end: () => connect(app, person) };
    },
  ],
  'the account of a staff member that was locked': [
    'staff/lock',
    async () => {
      const colleague = await signInStaff(server(), ['administrator']);
      return {
        works: async () => opens(STAFF, await browserOf(colleague)),
        end: async () =>
          submit(await browserOf(boss), `${STAFF}/${colleague.accountId}/lock`, { reason: 'Phone lost' }),
      };
    },
  ],
  'roles of a staff member': [
    'staff/change',
    async () => {
      const colleague = await signInStaff(server(), ['administrator', 'front-desk']);
      return {
        works: async () => opens(STAFF, await browserOf(colleague)),
        end: async () => submit(await browserOf(boss), `${STAFF}/${colleague.accountId}`, { roles: 'front-desk' }),
      };
    },
  ],
  'a representative': [
    'account/end-representation',
    async () => {
      const { patientId } = await addPatientWithEmail(server());
      const username = `guard-${patientId.slice(0, 8)}`;
      const words = ['representations', 'add', patientId, '--username', username, '--name', 'Marta Guardian'];
      const { password } = (await place.run([...words, '--relationship', 'MTH'])).answer;
      return {
        works: await connect(await addApp(server()), { username, password }),
        end: () => place.run(['representations', 'end', patientId, '--username', username, '--reason', 'Of age']),
      };
    },
  ],
  'an account that its owner closed': [
    'account/close',
    async () => {
      const person = await addPatientWithEmail(server());
      return {
        works: () => signsIn(person),
        end: async () => submit(await browserOf(person), `${SECURITY}/close`, { sure: 'yes' }),
      };
    },
  ],
  'a password that its owner changed': [
    'account/password',
    async () => {
      const person = await addPatientWithEmail(server());
      return {
        works: () => signsIn(person),
        end: async () => submit(await browserOf(person), `${SECURITY}/password`, { password: NEW_PASSWORD }),
      };
    },
  ],
  'a passkey': [
    'factor/passkey-removed',
    async () => {
      const { person, works } = await passkey();
      return {
        works,
        async end() {
          const browser = await browserOf(person);
          const page = linksOf(await browser.get(SECURITY)).find((link) => link.includes('/passkeys/remove')) ?? '';
          await submit(browser, page, {}, `${SECURITY}/passkeys/remove`);
        },
      };
    },
  ],
  'second factors that were reset': [
    'factor/factors-removed',
    async () => {
      const { person, works } = await passkey();
      return {
        works,
        async end() {
          const words = ['accounts', 'lost-factor', person.username, '--proofing', 'Photo ID'];
          const { link } = (await place.run(words)).answer;
          await submit(visitor(), new URL(link).pathname, { password: person.password });
        },
      };
    },
  ],
  'recovery codes that were replaced': [
    'factor/codes-made',
    async () => {
      const { person, works } = await recoveryCodes();
      return { works, end: async () => createRecoveryCodes(await browserOf(person)) };
    },
  ],
  'recovery codes of which one was used': [
    'factor/code-used',
    async () => {
      const { works, useAnother } = await recoveryCodes();
      return { works, end: useAnother };
    },
  ],
  'an invitation of a patient that was canceled': [
    'enrollment/cancel',
    async () => {
      const { sent, works } = await invited();
      return { works, end: () => enrollments().cancel(FRONT_DESK, sent.invitationId) };
    },
  ],
  'an invitation of a patient that was accepted': [
    'enrollment/enroll',
    async () => {
      const { person, sent, works } = await invited();
      const username = `restored-${person.birthDate}-${person.recordId}`;
      return { works, end: () => new InvitedPerson(server().app, sent).enroll(person, sent.code, username) };
    },
  ],
  'an invitation to a person who told the practice that they don’t want an account': [
    'enrollment/decline',
    async () => {
      const { person, works } = await invited();
      return { works, end: () => enrollments().decline(FRONT_DESK, person.recordId, 'Said so') };
    },
  ],
  'an invitation that the person declined': [
    'enrollment/decline-by-link',
    async () => {
      const { sent, works } = await invited();
      return { works, end: () => new InvitedPerson(server().app, sent).send('/decline', {}) };
    },
  ],
  'a letter code that was replaced': [
    'enrollment/resend',
    async () => {
      const { sent, works } = await invited({ email: undefined });
      return { works, end: () => enrollments().resend(FRONT_DESK, sent.invitationId) };
    },
  ],
  'an invitation to an address that was replaced by another one': [
    'enrollment/invite',
    async () => {
      const { person, works } = await invited();
      const other = invitationFor(person, { email: person.otherEmail });
      return { works, end: () => enrollments().invite(FRONT_DESK, other) };
    },
  ],
  'an invitation of staff that was canceled': [
    'staff/cancel-invitation',
    async () => {
      const { cancel, works } = await staffInvitation();
      return { works, end: async () => submit(await browserOf(boss), cancel) };
    },
  ],
  'an invitation of staff that was accepted': [
    'staff/take-on',
    async () => {
      const { path, works } = await staffInvitation();
      const colleague = await signInStaff(server(), ['clinician'], [SANDBOX_PRACTICE]);
      return { works, end: async () => submit(await browserOf(colleague), path, {}, `${path}/accept`) };
    },
  ],
  'an invitation of staff with which an account was created': [
    'account/add',
    async () => {
      const { path, works } = await staffInvitation();
      return { works, end: () => submit(visitor(), path, { username: 'new-colleague', password: NEW_PASSWORD }) };
    },
  ],
  'an invitation to an organization that was canceled': [
    'organisation/take-back-invitation',
    async () => {
      const { at, works } = await organisationInvitation();
      return { works, end: () => call(dev, 'DELETE', at) };
    },
  ],
  'an invitation to an organization that was accepted': [
    'organisation/join',
    async () => {
      const { guest, path, works } = await organisationInvitation();
      return { works, end: async () => submit(await browserOf(guest), path, {}, `${path}/accept`) };
    },
  ],
  'a member of an organization who was removed': [
    'organisation/remove',
    async () => {
      const { at, works } = await member('developer');
      return { works, end: () => call(dev, 'DELETE', at) };
    },
  ],
  'a member of an organization who left': [
    'organisation/leave',
    async () => {
      const { one, leave, works } = await member('developer');
      return { works, end: () => call(one, 'POST', leave) };
    },
  ],
  'the role of a member of an organization': [
    'organisation/role',
    async () => {
      const { at, works } = await member('administrator');
      return { works, end: () => call(dev, 'PATCH', at, { role: 'reader' }) };
    },
  ],
  'an app that was suspended before one of its changes was rejected': [
    'review/suspended',
    async () => {
      const app = await approved();
      const works = await connect(app);
      await submitChange(server(), dev, app.client_id, { redirectUris: ['https://other.example/callback'] });
      return {
        works,
        async end() {
          await decide(app.clientId, 'suspend', RISK);
          await decide(app.clientId, 'reject', { version: 2, ...AUTHENTICITY });
        },
      };
    },
  ],
  'a new app that was rejected': [
    'review/rejected',
    async () => {
      const app = await submitted();
      return {
        works: await connect(app),
        end: () => decide(app.clientId, 'reject', { version: 1, ...AUTHENTICITY }),
      };
    },
  ],
  'an app that two administrators retired': [
    'review/retired',
    async () => {
      const app = await approved();
      return {
        works: await connect(app),
        async end() {
          const { approval } = await decide(app.clientId, 'retire', RISK);
          await approveRequest(await caller(bob), approval);
        },
      };
    },
  ],
  'an app that its developer retired': [
    'app/retired',
    async () => {
      const app = await approved();
      return { works: await connect(app), end: () => call(dev, 'POST', `/developer/apps/${app.clientId}/retire`) };
    },
  ],
  'an app that retired its registration': [
    'registration/retire',
    async () => {
      const app = await addRegisteredApp(server(), { token_endpoint_auth_method: 'client_secret_post' });
      const works = await connect({ ...app, client_id: app.client_id as ClientId, redirect_uri: CALLBACK });
      return { works, end: () => manageRegistration(server(), 'DELETE', app) };
    },
  ],
  'a client secret': [
    'app/secret-ended',
    async () => {
      const { clientId: client_id, client_secret, app } = await registerDraft(dev);
      const at = `/developer/apps/${client_id}/secrets`;
      return {
        async works() {
          server().clock.advance(REMEMBERED);
          const fields = { grant_type: 'refresh_token', refresh_token: 'unknown', client_id, client_secret };
          return (await requestToken(server().app, fields)).error === 'invalid_grant';
        },
        async end() {
          await call(dev, 'POST', at, { name: 'Next' });
          await call(dev, 'DELETE', `${at}/${app.secrets[0]?.secretId}`);
        },
      };
    },
  ],
  'the API of a practice': [
    'practice/api-off',
    async () => {
      const practiceId = await addAnotherPractice(server(), 'Turned off');
      const there = await signInStaff(server(), ['administrator'], [practiceId]);
      return {
        works: async () =>
          (await place.run(['practices', 'list'])).answer.find(({ id }: { id: number }) => id === practiceId).enabled,
        end: async () => submit(await browserOf(there), `/practice/${practiceId}/settings/api`, { sure: 'yes' }),
      };
    },
  ],
  'signing keys that leaked': [
    'key/rotate',
    async () => {
      const keys = async () =>
        (await server().app.inject(`${OAUTH}/.well-known/jwks.json`))
          .json()
          .keys.map(({ kid }: { kid: string }) => kid);
      const [kid] = await keys();
      return { works: async () => (await keys()).includes(kid), end: () => place.run(['keys', 'rotate', '--leaked']) };
    },
  ],
  'a request for approval that was rejected': [
    'approval/rejected',
    async () => {
      const { approval } = await call(ada, 'POST', '/review/keys/rotations', { leaked: false });
      return {
        async works() {
          const { approvals } = await call(bob, 'GET', '/review/approvals');
          const { approvalId } = approval;
          return approvals.some((one: typeof approval) => one.approvalId === approvalId && one.state === 'pending');
        },
        end: () => call(bob, 'POST', `/review/approvals/${approval.approvalId}/reject`),
      };
    },
  ],
};

/** Changes that were lifted again before the failure, by the event that lifted them. */
const LIFTED: Readonly<Record<string, () => Promise<Access>>> = {
  'staff/unlock': async () => {
    const colleague = await signInStaff(server(), ['administrator']);
    const at = `${STAFF}/${colleague.accountId}`;
    return {
      works: async () => opens(STAFF, await browserOf(colleague)),
      async end() {
        await submit(await browserOf(boss), `${at}/lock`, { reason: 'Phone lost' });
        await submit(await browserOf(boss), `${at}/lock`, {}, `${at}/unlock`);
      },
    };
  },
  'review/resumed': async () => {
    const app = await approved();
    return {
      works: await connect(app),
      async end() {
        await decide(app.clientId, 'suspend', RISK);
        const { approval } = await decide(app.clientId, 'resume', {});
        await approveRequest(await caller(bob), approval);
      },
    };
  },
  'enrollment/undo-decline-by-link': async () => {
    const { sent, works } = await invited();
    return {
      works,
      async end() {
        await new InvitedPerson(server().app, sent).send('/decline', {});
        await new InvitedPerson(server().app, sent).send('', {}, '/undo');
      },
    };
  },
};

/** Changes that an operator repeats by hand. */
const BY_HAND: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  'account/email-changed': async () => {
    const person = await addPatientWithEmail(server(), { email: 'earlier@example.com' });
    return async () => {
      await submit(await browserOf(person), `${SECURITY}/email`, { email: 'later@example.com' });
      await submitForm(visitor(), emailLink((await listEmailsTo(server(), 'later@example.com'))[0], server()));
    };
  },
  'app/set': async () => {
    const { client_id } = await addApp(server());
    return () => place.run(['apps', 'set', client_id, '--scope', 'patient/Patient.rs']);
  },
  'registration/replace': async () => {
    const app = await addRegisteredApp(server());
    const { client_id } = app;
    return () => manageRegistration(server(), 'PUT', app, { client_id, redirect_uris: ['https://new.example/'] });
  },
  'organisation/unverified': async () => {
    const { organisationId } = await signInDeveloper(server(), { verified: true });
    return () => call(ada, 'POST', `/review/organisations/${organisationId}/unverify`);
  },
  'record/erase': async () => {
    const { patientId } = await addPatientWithEmail(server());
    return async () => {
      const words = ['record', 'erase', patientId, '--reason', 'Request', '--requested-by', ada.username];
      await approveRequest(await caller(bob), { approvalId: (await place.run(words)).answer.approval });
    };
  },
  'practice/remove': async () => {
    await addAnotherPractice(server(), 'Moved away');
    return () => place.run(['practices', 'remove', 'Moved away', '--reason', 'Moved', '--confirm', 'Moved away']);
  },
};

interface Revocation {
  readonly name: string;
  readonly result: string;
  readonly what: string;
  readonly by_hand: string | null;
}
/** Errors of ending or trying an access, by its title. */
const problems: Record<string, string> = {};
const worked: Record<string, boolean> = {};
const works: Record<string, boolean> = {};
let [listed, repeated]: (readonly Revocation[])[] = [];
let found: Awaited<ReturnType<RestoredServer['findings']>>;

async function tryAll(access: Readonly<Record<string, Access>>, into: Record<string, boolean>): Promise<void> {
  for (const [title, one] of Object.entries(access))
    into[title] = await one.works().catch((error: Error) => {
      problems[title] = error.message;
      return false;
    });
}

beforeAll(async () => {
  place = await startRestoredServer({ DYNAMIC_REGISTRATION: 'sandbox', TRUST_PROXY: 'loopback' });
  [ada, bob] = [await signInAdministrator(server(), 'Ada Min'), await signInAdministrator(server(), 'Bob Min')];
  boss = await signInStaff(server(), ['administrator']);
  dev = await signInDeveloper(server(), { verified: true });
  const access: Record<string, Access> = {};
  for (const [title, [, prepare]] of Object.entries(ENDINGS)) access[title] = await prepare();
  for (const [name, prepare] of Object.entries(LIFTED)) access[name] = await prepare();
  const byHand: Record<string, () => Promise<unknown>> = {};
  for (const [name, prepare] of Object.entries(BY_HAND)) byHand[name] = await prepare();
  await place.loseAfter(async () => {
    const ends = [
      ...Object.entries(access).map(([title, { end }]) => [title, end] as const),
      ...Object.entries(byHand),
    ];
    for (const [title, end] of ends)
      await end().catch((error: Error) => {
        problems[title] = error.message;
      });
  });
  await tryAll(access, worked);
  await server().purgeExpired();
  found = await place.findings();
  listed = (await place.run(['after-restore'])).answer.revocations;
  repeated = (await place.run(['after-restore', '--reapply'])).answer.revocations;
  await tryAll(access, works);
});
afterAll(() => place.close());

const about = (all: readonly Revocation[] | undefined, name: string) => (all ?? []).filter((one) => one.name === name);
const resultsOf = (all: readonly Revocation[] | undefined, name: string): readonly string[] => [
  ...new Set(about(all, name).map(({ result }) => result)),
];

describe('after a restore to an earlier time', () => {
  it.each(Object.entries(ENDINGS).map(([title, [name]]) => [title, name]))(
    '%s would work again, which is listed, until it is ended again (%s)',
    (title, name) => {
      const results = { listed: resultsOf(listed, name), repeated: resultsOf(repeated, name) };
      const { [title]: problem } = problems;
      expect({ problem, worked: worked[title], works: works[title], ...results }).toEqual({
        problem: undefined,
        worked: true,
        works: false,
        listed: ['open'],
        repeated: ['reapplied'],
      });
    },
  );

  it.each(Object.keys(LIFTED))('access that was given back still works (%s)', (name) => {
    expect({ worked: worked[name], works: works[name] }).toEqual({ worked: true, works: true });
  });

  it.each(Object.keys(BY_HAND))('an operator reads what to do about %s', (name) => {
    const { [name]: problem } = problems;
    expect({ problem, listed: resultsOf(listed, name), repeated: resultsOf(repeated, name) }).toEqual({
      problem: undefined,
      listed: ['open'],
      repeated: ['by-hand'],
    });
    expect(about(listed, name)[0]?.by_hand).toMatch(/\.$/);
  });

  it('doctor counts everything that works again', () => {
    expect(found).toMatchObject([
      { state: 'broken', says: expect.stringContaining(`Revocations that aren’t in effect: ${listed?.length}.`) },
      { state: 'look' },
    ]);
  });
});
