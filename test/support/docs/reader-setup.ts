// Provides the values that readers of the documentation have or get from a portal page: apps, a session, a launch.
import type { PracticeId } from '../../../src/kernel/index.ts';
import { addApp } from '../apps/apps.ts';
import { attributesOf, csrfIn } from '../browser/html.ts';
import { signInDeveloper } from '../people/developer-portal.ts';
import { PatientBrowser } from '../people/patient.ts';
import { SANDBOX_STAFF } from '../people/staff.ts';
import type { TestServer } from '../servers/server.ts';

const SANDBOX = 1 as PracticeId;
const REDIRECT_URI = 'http://localhost:3000/callback';

/**
 * Returns the value that a reader fills in for a variable, such as `CLIENT_ID=…`.
 * @param printed what the last command printed. A reader registers a key that it printed
 */
export type ReaderValues = (name: string, printed: string) => Promise<string | undefined>;

/** Registers what a reader registers. Each value is created when a page asks for it. */
export function createReaderValues(server: TestServer): ReaderValues {
  const own = { state: 'provisional', redirectUris: [REDIRECT_URI] } as const;
  const values: Record<string, string> = {};
  const makers: Readonly<Record<string, (printed: string) => Promise<Record<string, string>>>> = {
    CLIENT_ID: async () => {
      const app = await addApp(server, own);
      return { CLIENT_ID: app.client_id, CLIENT_SECRET: app.client_secret };
    },
    PUBLIC_CLIENT_ID: async () => ({ PUBLIC_CLIENT_ID: (await addApp(server, { ...own, auth: 'none' })).client_id }),
    STAFF_CLIENT_ID: async () => {
      const scope = 'launch openid fhirUser offline_access patient/*.rs user/*.rs';
      const launchUri = 'http://localhost:3000/launch';
      const app = await addApp(server, { ...own, kind: 'staff', scope, launchUri });
      return { STAFF_CLIENT_ID: app.client_id, STAFF_CLIENT_SECRET: app.client_secret };
    },
    BACKEND_CLIENT_ID: async (printed) => {
      const keyed = { kind: 'backend', auth: 'private_key_jwt', jwks: JSON.parse(printed) } as const;
      const scope = 'system/*.cruds';
      const app = await addApp(server, { state: 'provisional', ...keyed, practiceIds: [SANDBOX], scope });
      return { BACKEND_CLIENT_ID: app.client_id };
    },
    LAUNCH: async () => ({ LAUNCH: await launch(server, values['STAFF_CLIENT_ID'] ?? '') }),
    SESSION: async () => ({ SESSION: (await signInDeveloper(server)).session }),
  };
  return async (name, printed) => {
    if (values[name] === undefined) Object.assign(values, await makers[name]?.(printed));
    return values[name];
  };
}

/**
 * Launches an app from the chart of a patient who has visits, with the latest one, as a clinician, and returns `launch` of
 * the address.
 */
async function launch({ app, db }: TestServer, clientId: string): Promise<string> {
  const [row] = await db.queryText<{ practice_id: number; patient_id: string }>(
    `select practice_id, patient_id from record r
     where practice_id = $1 and record_id in (select e.record_id from resource e where e.type = 'Encounter')
     order by patient_id limit 1`,
    [SANDBOX],
  );
  const patient = `${row?.practice_id}-${row?.patient_id}`;
  const browser = new PatientBrowser(app);
  await browser.signIn('/sign-in', SANDBOX_STAFF);
  const page = await browser.get(`/practice/launch?patient=${patient}`);
  const [encounter = ''] = attributesOf(page, '[name=encounter] option', 'value').filter(Boolean);
  const done = await browser.post('/practice/launch', { csrf: csrfIn(page), patient, app: clientId, encounter });
  return new URL(done.location ?? 'http://none').searchParams.get('launch') ?? '';
}
