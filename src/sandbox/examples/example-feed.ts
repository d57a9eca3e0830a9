import { generateKeyPairSync } from 'node:crypto';
import { type AccessGrant, parseScopes } from '../../access/index.ts';
import { findApp, registerApp } from '../../apps/index.ts';
import type { Database } from '../../database/index.ts';
import type { BundleReceiver } from '../../fhir/index.ts';
import { findProfileByUsername, listAccountRecords } from '../../identity/index.ts';
import { listSources } from '../../intake/index.ts';
import { type Clock, derivedUuid, type GrantId, hours, later, type Random } from '../../kernel/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import { EXAMPLE_FEED_CLIENT_ID } from '../published-credentials.ts';
import { feedBundle } from './feed-bundle.ts';

/** Patients whose results the feed sends. They aren't those of the documentation, whose examples print counts. */
const PATIENTS = ['patient05', 'patient06', 'patient07'];
const SCOPE = 'system/Observation.cruds system/Patient.cruds';
/** Milliseconds between two Bundles, a little less than a day, because the task runs once an hour. */
const PAUSE = hours(23);

export interface ExampleFeedDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly feed: BundleReceiver;
  /** Base URL of the R4 API. */
  readonly r4: string;
}

/**
 * Sends the Bundle of the example feed once a day, through the same feed as any backend app. Only the first Bundle adds
 * resources: the later ones contain the same, so nothing grows. The feed is a registered app of the sandbox, but nobody
 * has its private key.
 */
export async function sendExampleBundle(deps: ExampleFeedDeps): Promise<void> {
  const { db, clock, random, feed, r4 } = deps;
  const practice = (await listPractices(db)).find(isFilledSandbox);
  if (practice === undefined) return;
  const recent = await listSources(db, later(clock.now(), -PAUSE));
  if (recent.some(({ source, inputs }) => source === `app:${EXAMPLE_FEED_CLIENT_ID}` && inputs > 0)) return;
  const patientIds = await findPatientIds(db);
  const [foreign] = patientIds;
  if (foreign === undefined) return;
  await ensureExampleFeed(deps, practice.practiceId);
  const grant = exampleGrant(practice.practiceId);
  const known = patientIds.map((id) => `${r4}/Patient/${id}`);
  const text = feedBundle({ known, foreign });
  await feed.receive({ text, grant, practiceId: practice.practiceId, requestId: random.uuid() });
}

async function findPatientIds(db: Database): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const username of PATIENTS) {
    const profile = await findProfileByUsername(db, username);
    if (profile?.published !== true) continue;
    const own = (await listAccountRecords(db, profile.accountId)).find(isFilledSandbox);
    if (own !== undefined) ids.push(own.patientId);
  }
  return ids;
}

type SandboxId = AccessGrant['practices'][number];

/** Registers the app of the feed, unless it exists. Its private key is thrown away, so no one can act as the app. */
async function ensureExampleFeed({ db, clock, random }: ExampleFeedDeps, practiceId: SandboxId): Promise<void> {
  if ((await findApp(db, clock, EXAMPLE_FEED_CLIENT_ID)) !== undefined) return;
  const key = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' });
  await registerApp(
    db,
    { clock, random },
    {
      clientId: EXAMPLE_FEED_CLIENT_ID,
      name: 'Example Lab (made up)',
      kind: 'backend',
      auth: 'private_key_jwt',
      jwks: { keys: [{ ...key, kid: 'example', alg: 'ES384', use: 'sig' }] },
      apis: ['r4'],
      scope: SCOPE,
      practiceIds: [practiceId],
      state: 'provisional',
    },
  );
}

/** The access that the feed would have with a token: to write results at the sandbox practice, and nothing else. */
const exampleGrant = (practiceId: SandboxId): AccessGrant => ({
  grantId: derivedUuid('sandbox', 'example feed', 'grant') as GrantId,
  familyId: 'example-feed',
  clientId: EXAMPLE_FEED_CLIENT_ID,
  accountId: undefined,
  record: undefined,
  practices: [practiceId],
  scopes: parseScopes(SCOPE).scopes,
  apis: ['r4'],
  practiceEnabled: true,
  withheld: [],
  fhirUser: undefined,
});
