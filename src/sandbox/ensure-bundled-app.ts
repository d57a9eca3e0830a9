import { type AppRegistration, findApp, registerApp, updateApp } from '../apps/index.ts';
import { type Database, type Executor, statement } from '../database/index.ts';
import { type ClientId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';

/** A public client that ships with the server, such as the demo app. It can read the records of sandbox patients. */
export interface BundledApp {
  readonly clientId: ClientId;
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scope: string;
  /** By default both. */
  readonly apis?: AppRegistration['apis'];
  /** Address that the EHR launcher opens. Only an app for staff has one; other apps are for patients. */
  readonly launchUri?: string;
  /** Details of the app that the consent page shows. */
  readonly about?: Required<Pick<AppRegistration, 'developer' | 'dataUse' | 'metadata'>>;
}

type ExistingApp = NonNullable<Awaited<ReturnType<typeof findApp>>>;

// Servers that start at the same time register an app one after the other.
const lock = statement(
  'sandbox.bundled-app.lock',
  {},
  "select from pg_advisory_xact_lock(hashtextextended('bundled app ' || $1, 0))",
);

/**
 * Registers the app in the provisional state, like any new app. An existing one gets the redirect URIs and launch URL of
 * the server's present address, and the scopes that a new release of the app needs. Details that an operator entered are
 * not overwritten.
 */
export const ensureBundledApp = (db: Database, app: BundledApp): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(lock, [app.clientId]);
    const existing = await findApp(tx, clock, app.clientId);
    await (existing === undefined ? registerBundledApp(tx, app) : updateBundledApp(tx, app, existing));
  });

async function registerBundledApp(tx: Executor, { about, ...app }: BundledApp): Promise<void> {
  const kind = app.launchUri === undefined ? 'patient' : 'staff';
  const terms = { kind, auth: 'none', state: 'provisional', apis: ['r4', 'dstu2'] } as const;
  await registerApp(tx, { clock, random }, { ...terms, ...app, ...about });
}

async function updateBundledApp(tx: Executor, app: BundledApp, existing: ExistingApp): Promise<void> {
  const { clientId, redirectUris, launchUri, scope, about } = app;
  const isMoved = !redirectUris.every((uri) => existing.redirectUris.includes(uri)) || existing.launchUri !== launchUri;
  const granted = existing.scope.split(' ');
  const added = scope.split(' ').filter((each) => !granted.includes(each));
  const isUndescribed = about !== undefined && existing.developer === null;
  const isOwnDescription = isUndescribed || existing.developer === about?.developer;
  if (!isMoved && !isUndescribed && added.length === 0) return;
  await updateApp(tx, { clock, random }, clientId, ({ metadata }) => ({
    redirectUris,
    scope: [...granted, ...added].join(' '),
    ...(launchUri === undefined ? {} : { launchUri }),
    ...(isOwnDescription && about !== undefined ? { ...about, metadata: { ...metadata, ...about.metadata } } : {}),
  }));
}
