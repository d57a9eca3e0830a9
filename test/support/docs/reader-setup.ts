// Prepares what readers of the documentation have: registered apps with their keys, and a session.
import { exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { createAddresses } from '../../../src/oauth/index.ts';
import { fillPlaceholders, type GuidePage, readGuide } from '../../../src/public-site/docs/guide.ts';
import { placeholderValues } from '../../../src/public-site/docs/placeholder-values.ts';
import { addApp } from '../apps/apps.ts';
import { csrfIn } from '../browser/html.ts';
import { signInDeveloper } from '../people/developer-portal.ts';
import { PatientBrowser } from '../people/patient.ts';
import { SANDBOX_STAFF } from '../people/staff.ts';
import type { TestServer } from '../servers/server.ts';

const SANDBOX = 1 as PracticeId;
const REDIRECT_URI = 'http://localhost:3000/callback';

/** Markdown of a page with its values filled in. */
export async function guideText({ app, config }: Pick<TestServer, 'app' | 'config'>, page: GuidePage): Promise<string> {
  const addresses = createAddresses(config.publicUrl, config.prefix);
  const api = await app.inject('/api/openapi.json');
  return fillPlaceholders(
    readGuide(page),
    placeholderValues({ addresses, config, types: describeServedTypes([r4, dstu2]) }, api.json()),
  );
}

/** Prepares the shell variables and files that every page may use. */
export async function prepareReader(server: TestServer): Promise<{
  readonly variables: Record<string, string>;
  readonly files: Record<string, string>;
}> {
  const own = { state: 'provisional', redirectUris: [REDIRECT_URI] } as const;
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES384', use: 'sig' }] };
  const app = await addApp(server, own);
  const open = await addApp(server, { ...own, auth: 'none' });
  const keyed = {
    auth: 'private_key_jwt',
    jwks,
    kind: 'backend',
    practiceIds: [SANDBOX],
    scope: 'system/*.rs',
  } as const;
  const backend = await addApp(server, { state: 'provisional', ...keyed });
  const scope = 'launch openid fhirUser offline_access patient/*.rs user/*.rs';
  const staff = await addApp(server, { ...own, kind: 'staff', scope, launchUri: 'http://localhost:3000/launch' });
  const { session } = await signInDeveloper(server);
  return {
    variables: {
      REDIRECT_URI,
      CLIENT_ID: app.client_id,
      CLIENT_SECRET: app.client_secret,
      PUBLIC_CLIENT_ID: open.client_id,
      BACKEND_CLIENT_ID: backend.client_id,
      STAFF_CLIENT_ID: staff.client_id,
      STAFF_CLIENT_SECRET: staff.client_secret,
      LAUNCH: await launch(server, staff.client_id),
      SESSION: session,
    },
    files: { 'private-key.pem': await exportPKCS8(privateKey) },
  };
}

/** Launches an app from a patient's chart, as a clinician. */
async function launch({ app, db }: TestServer, clientId: string): Promise<string> {
  const [row] = await db.queryText<{ practice_id: number; patient_id: string }>(
    'select practice_id, patient_id from record where practice_id = $1 order by patient_id limit 1',
    [SANDBOX],
  );
  const patient = `${row?.practice_id}-${row?.patient_id}`;
  const browser = new PatientBrowser(app);
  await browser.signIn('/sign-in', SANDBOX_STAFF);
  const page = await browser.get(`/practice/launch?patient=${patient}`);
  const csrf = csrfIn(page);
  const done = await browser.post('/practice/launch', { csrf, patient, app: clientId });
  return new URL(done.location ?? 'http://none').searchParams.get('launch') ?? '';
}
