import {
  type AppRegistration,
  findApp,
  lockApp,
  registerApp,
  submitFirstVersion,
  submitVersion,
} from '../../../src/apps/index.ts';
import type { App, AppTerms } from '../../../src/domain/index.ts';
import { type ClientId, systemRandom as random } from '../../../src/kernel/index.ts';
import type { Developer } from '../people/developer-portal.ts';
import type { TestServer } from '../servers/server.ts';
import { CALLBACK } from './apps.ts';
import { createSigningKeys } from './signing-keys.ts';

type At = Pick<TestServer, 'db' | 'clock'>;

export interface SubmittedApp {
  readonly clientId: ClientId;
  readonly clientSecret: string;
}

/** Registers an app as a developer and submits it for review. */
export async function submitApp(
  { db, clock }: At,
  { organisationId, accountId }: Pick<Developer, 'organisationId' | 'accountId'>,
  wanted: Partial<AppRegistration> = {},
): Promise<SubmittedApp> {
  const usual = { name: 'Pillbox', scope: 'launch/patient offline_access patient/*.rs', apis: ['r4'] } as const;
  const redirectUris = wanted.redirectUris ?? (wanted.kind === 'backend' ? [] : [CALLBACK]);
  const app = { ...usual, state: 'provisional', organisationId, ...wanted, redirectUris } as const;
  return db.transaction(async (tx) => {
    const { clientId, clientSecret = '' } = await registerApp(tx, { clock, random }, app);
    await submitFirstVersion(tx, { clock, random }, await lockApp(tx, clock, clientId), accountId);
    return { clientId, clientSecret };
  });
}

/** Submits a backend app, which needs two approvals. */
export const submitBackend = async (
  server: At,
  dev: Developer,
  wanted: Partial<AppRegistration> = {},
): Promise<SubmittedApp> =>
  submitApp(server, dev, {
    kind: 'backend',
    auth: 'private_key_jwt',
    scope: 'system/Patient.rs',
    jwks: (await createSigningKeys('ES384')).jwks,
    practiceIds: [1 as never],
    ...wanted,
  });

/** Submits a change of the app. @returns the number of the pending version */
export async function submitChange(
  { db, clock }: At,
  { accountId }: Pick<Developer, 'accountId'>,
  clientId: ClientId,
  changes: Partial<AppTerms>,
): Promise<number | undefined> {
  return db.transaction(async (tx) => {
    const app = await lockApp(tx, clock, clientId);
    const wanted = { ...app, ...changes };
    return (await submitVersion(tx, { clock, random, toolRedirects: [] }, app, { wanted, by: accountId })).version;
  });
}

export async function loadApp({ db, clock }: At, clientId: ClientId): Promise<App> {
  const app = await findApp(db, clock, clientId);
  if (app === undefined) throw new Error('there is such an app');
  return app;
}

/** Subjects and texts of the emails to an address. */
export const listEmails = ({ db }: At, email: string): Promise<{ subject: string; text: string }[]> =>
  db.queryText('select subject, content as text from mail where recipient = $1 order by created_at, mail_id', [email]);
