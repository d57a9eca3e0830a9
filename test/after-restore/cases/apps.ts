import path from 'node:path';
import type { ClientId } from '../../../src/kernel/index.ts';
import { registerDraft } from '../../support/apps/app-drafts.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { addRegisteredApp, CALLBACK, manageRegistration } from '../../support/apps/registration.ts';
import { submitApp, submitChange } from '../../support/apps/review.ts';
import { approveRequest, signInDeveloper } from '../../support/people/developer-portal.ts';
import { OAUTH, requestToken } from '../../support/people/patient.ts';
import { call, caller, connect, people, place, type RemedyCases, run, server } from './context.ts';

const RISK = { ground: 'security-risk', text: 'Its server leaks tokens.' };
const AUTHENTICITY = { ground: 'authenticity', text: 'Nobody answers at the address of the company.' };
/** Milliseconds for which a server may remember that a secret is valid. */
const REMEMBERED = 2000;

/** Adds a member of the developer's organization. @returns also whether the member has this role */
async function member(role: 'developer' | 'administrator') {
  const one = await signInDeveloper(server(), { organisationId: people.dev.organisationId, role });
  const own = `/developer/organisations/${people.dev.organisationId}`;
  const works = async () => (await (await caller(one)).call('GET', own)).body?.role === role;
  return { one, at: `${own}/members/${one.accountId}`, leave: `${own}/leave`, works };
}

async function submitted(): Promise<TestApp & { readonly clientId: string }> {
  const { clientId, clientSecret } = await submitApp(server(), people.dev);
  return { clientId, client_id: clientId, client_secret: clientSecret, redirect_uri: CALLBACK };
}

const approved = async () => {
  const app = await submitted();
  await run(['apps', 'set-state', app.clientId, 'active']);
  return app;
};

const decide = (clientId: string, what: string, body?: object) =>
  call(people.ada, 'POST', `/review/apps/${clientId}/${what}`, body);

/** Asks for an app to be retired, which another administrator has to approve. */
async function pendingRequest() {
  const { clientId } = await approved();
  const { approval } = await decide(clientId, 'retire', RISK);
  const { approvalId } = approval;
  const works = async () => {
    const { approvals } = await call(people.bob, 'GET', '/review/approvals');
    return approvals.some((one: typeof approval) => one.approvalId === approvalId && one.state === 'pending');
  };
  return { approvalId, works };
}

export const CASES: RemedyCases = {
  endings: {
    'a member of an organization who was removed': [
      'organisation/remove',
      async () => {
        const { at, works } = await member('developer');
        return { works, end: () => call(people.dev, 'DELETE', at) };
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
        return { works, end: () => call(people.dev, 'PATCH', at, { role: 'reader' }) };
      },
    ],
    'an app that was suspended before one of its changes was rejected': [
      'review/suspended',
      async () => {
        const app = await approved();
        const works = await connect(app);
        await submitChange(server(), people.dev, app.client_id, { redirectUris: ['https://other.example/callback'] });
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
            await approveRequest(await caller(people.bob), approval);
          },
        };
      },
    ],
    'an app that its developer retired': [
      'app/retired',
      async () => {
        const app = await approved();
        return {
          works: await connect(app),
          end: () => call(people.dev, 'POST', `/developer/apps/${app.clientId}/retire`),
        };
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
        const { clientId: client_id, client_secret, app } = await registerDraft(people.dev);
        const at = `/developer/apps/${client_id}/secrets`;
        return {
          async works() {
            server().clock.advance(REMEMBERED);
            const fields = { grant_type: 'refresh_token', refresh_token: 'unknown', client_id, client_secret };
            return (await requestToken(server().app, fields)).error === 'invalid_grant';
          },
          async end() {
            await call(people.dev, 'POST', at, { name: 'Next' });
            await call(people.dev, 'DELETE', `${at}/${app.secrets[0]?.secretId}`);
          },
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
        return { works: async () => (await keys()).includes(kid), end: () => run(['keys', 'rotate', '--leaked']) };
      },
    ],
    'a request for approval that was rejected': [
      'approval/rejected',
      async () => {
        const { approvalId, works } = await pendingRequest();
        return { works, end: () => call(people.bob, 'POST', `/review/approvals/${approvalId}/reject`) };
      },
    ],
    'a request for approval that was withdrawn': [
      'approval/withdrawn',
      async () => {
        const { approvalId, works } = await pendingRequest();
        return { works, end: () => call(people.ada, 'POST', `/review/approvals/${approvalId}/reject`) };
      },
    ],
  },
  lifted: {
    'review/resumed': async () => {
      const app = await approved();
      return {
        works: await connect(app),
        async end() {
          await decide(app.clientId, 'suspend', RISK);
          const { approval } = await decide(app.clientId, 'resume', {});
          await approveRequest(await caller(people.bob), approval);
        },
      };
    },
  },
  byHand: {
    'app/set': async () => {
      const { client_id } = await addApp(server());
      return () => run(['apps', 'set', client_id, '--scope', 'patient/Patient.rs']);
    },
    'app/changed': async () => {
      const { clientId } = await registerDraft(people.dev);
      return () => call(people.dev, 'PATCH', `/developer/apps/${clientId}/auth`, { auth: 'none' });
    },
    // The last change: the other ones are made by a server without an encryption key.
    'key/rotate-encryption': async () => {
      const file = path.join(place().archive, 'encryption-key');
      await run(['keys', 'create-encryption', file]);
      return () => run(['keys', 'rotate-encryption'], { ENCRYPTION_KEY_FILE: file });
    },
    'registration/replace': async () => {
      const app = await addRegisteredApp(server());
      const { client_id } = app;
      return () => manageRegistration(server(), 'PUT', app, { client_id, redirect_uris: ['https://new.example/'] });
    },
    'organisation/unverified': async () => {
      const { organisationId } = await signInDeveloper(server(), { verified: true });
      return () => call(people.ada, 'POST', `/review/organisations/${organisationId}/unverify`);
    },
  },
};
