import type { Database } from '../../src/database/index.ts';
import {
  connectOverHttp,
  consentOverHttp,
  exchangeOverHttp,
  refreshOverHttp,
} from '../../test/support/servers/over-http.ts';
import { createBackendTokenSource } from '../backend-app.ts';
import { ORIGIN } from '../environment.ts';
import { R4 } from '../fhir.ts';
import type { MeasuredPractice } from './measured-practice.ts';

/** A kind of request, and the most that it may read at any size of the practice. */
export interface MeasuredPath {
  readonly name: string;
  /** Limit in pages of 8 kB. Undefined for paths without a limit, whose figure should be the same at each size. */
  readonly buffers?: number;
  /** Most milliseconds of all statements. */
  readonly milliseconds?: number;
  /** Milliseconds for which the server remembers the result, if each request should read the database. */
  readonly remembered?: number;
  /** Sends one request. @throws Error if the response is neither 2xx nor 422 */
  send(): Promise<void>;
}

const TOKEN = `${ORIGIN}/nge/prod/patient-oauth/token`;
const INTROSPECT = `${ORIGIN}/nge/prod/patient-oauth/introspect`;
const DESK = { buffers: 500, milliseconds: 50 };
const PAGE = { buffers: 300 };
const POLL = { buffers: 50 };
/** Matches of 50 patients, each of whom is found and recorded. */
const PATIENTS = { buffers: 1500 };
/** A page that ends after the patients, changes or resources that it may check: see `docs/capacity.md`. */
const CHECKED = { buffers: 20_000 };
const COUNTED = { buffers: 90_000 };

export async function listMeasuredPaths(db: Database, practice: MeasuredPractice): Promise<readonly MeasuredPath[]> {
  return [...(await listPatientPaths(practice)), ...listDeskPaths(practice), ...(await listBackendPaths(db, practice))];
}

async function listPatientPaths({ app, person, patient }: MeasuredPractice): Promise<readonly MeasuredPath[]> {
  const { access_token } = await connectOverHttp(ORIGIN, app, person);
  const [code = ''] = await consentOverHttp(ORIGIN, app, 1, {}, person);
  let { refresh_token } = await exchangeOverHttp(ORIGIN, app, code);
  const { client_id = '', client_secret = '' } = app;
  const fields = new URLSearchParams({ token: access_token, client_id, client_secret });
  const read = (name: string, path: string): MeasuredPath => ({
    name,
    send: sender(`${R4}${path}`, bearer(access_token)),
  });
  return [
    read('Patient read', `/Patient/${patient.patientId}`),
    read('laboratory page of 50', '/Observation?category=laboratory&_count=50'),
    read('`$everything`, page of 100', '/Patient/$everything?_count=100'),
    {
      name: 'token refresh',
      async send() {
        refresh_token = (await refreshOverHttp(TOKEN, app, refresh_token)).refresh_token;
      },
    },
    {
      name: 'token check (introspection)',
      remembered: 1100,
      send: sender(INTROSPECT, { method: 'POST', body: fields }),
    },
  ];
}

function listDeskPaths({ practiceId, patient, staffCookie }: MeasuredPractice): readonly MeasuredPath[] {
  const path = (name: string, query: Readonly<Record<string, string>>): MeasuredPath => ({
    name: `front desk: ${name}`,
    ...DESK,
    send: sender(`${ORIGIN}/practice/${practiceId}/patients?${new URLSearchParams(query)}`, {
      headers: { cookie: staffCookie },
    }),
  });
  const { patientId, name, family, birthDate, number } = patient;
  return [
    path('list', {}),
    path('page after a patient', { after: patientId }),
    path('list by birth date', { sort: '-birth-date' }),
    path('list by status', { sort: 'status' }),
    path('enrolled patients', { status: 'enrolled' }),
    path('locked patients', { status: 'locked' }),
    path('search by name', { words: name }),
    path('search by family name', { words: family }),
    path('search by part of a name', { words: family.slice(1, 5) }),
    path('search without result', { words: 'zzyzx' }),
    path('search by birth date', { words: birthDate }),
    path('search by number', { words: number }),
  ];
}

async function listBackendPaths(
  db: Database,
  { practiceId, patient }: MeasuredPractice,
): Promise<readonly MeasuredPath[]> {
  const token = await (await createBackendTokenSource({ db }, [practiceId]))();
  const path = (name: string, bound: Pick<MeasuredPath, 'buffers'>, search: string): MeasuredPath => ({
    name: `backend app: ${name}`,
    ...bound,
    send: sender(`${R4}${search}`, bearer(token)),
  });
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  const [linked] = await db.queryText<{ id: string; code: string }>(
    `select id, content::jsonb #>> '{code,coding,0,code}' as code from resource
     where record_id = $1 and type = 'Observation' limit 1`,
    [patient.recordId],
  );
  const [document] = await db.queryText<{ id: string }>('select id from document where record_id = $1 limit 1', [
    patient.recordId,
  ]);
  return [
    path('page of changes', PAGE, '/Observation?_lastUpdated=ge2000-01-01&_count=50'),
    path('page of one patient', PAGE, `/Observation?patient=${patient.patientId}&_count=50`),
    path('page of Observations', PAGE, '/Observation?_count=50'),
    path('page of Patients', PATIENTS, '/Patient?_count=50'),
    path('number of Patients', COUNTED, '/Patient?_summary=count'),
    path('Patient by identifier', PATIENTS, `/Patient?identifier=${encodeURIComponent(patient.identifier)}`),
    path('page of laboratory results', PAGE, '/Observation?category=laboratory&_count=50'),
    path('code of no patient', PAGE, '/Observation?code=unknown&_count=50'),
    path('code of a patient', CHECKED, `/Observation?code=${linked?.code ?? 'none'}&_count=50`),
    path('date of no resource', CHECKED, '/Observation?date=lt1800&_count=50'),
    path('type of few patients', CHECKED, '/Goal?_count=50'),
    path('changes that don’t match', CHECKED, '/Observation?_lastUpdated=ge2000-01-01&code=unknown&_count=50'),
    ...(linked === undefined ? [] : [path('versions', POLL, `/Observation/${linked.id}/_history`)]),
    ...(document === undefined ? [] : [path('document', POLL, `/Binary/${document.id}`)]),
    path('poll without changes', POLL, `/Observation?_lastUpdated=ge${inAnHour}&_count=50`),
    path('chain', CHECKED, `/Observation?patient.identifier=${encodeURIComponent(patient.identifier)}&_count=50`),
    path('`_has`', CHECKED, `/Patient?_has:Observation:patient:code=${linked?.code ?? 'none'}&_count=50`),
  ];
}

const bearer = (token: string): RequestInit => ({
  headers: { authorization: `Bearer ${token}`, accept: 'application/fhir+json' },
});

const sender = (url: string, init: RequestInit) => async (): Promise<void> => {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  // In a large practice, a search that reads too much is rejected. What that costs is measured too.
  if (response.status === 422) return;
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 500)}`);
};
