import { afterAll, beforeAll } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { projections } from '../../../src/fhir/index.ts';
import { mergePatients, unmergePatients, type Validation } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { addApp } from '../apps/apps.ts';
import { createSigningKeys } from '../apps/signing-keys.ts';
import { mergeNotifier } from '../people/merged-people.ts';
import {
  type BundleEntry,
  type EntryResponse,
  entryResponses,
  feedToken,
  makeBundle,
  putEntry,
  sendBundle,
  writtenId,
} from './feed.ts';
import { type FhirServer, startFhir } from './fhir-server.ts';

type Named = { readonly resourceType: string; readonly id: string };

/** Makes a Patient with an id of the source system. */
export const makePatient = (id: string, number: string, more: object = {}): Named => ({
  resourceType: 'Patient',
  id,
  ...{ name: [{ family: id }], birthDate: '1980-01-01', identifier: [{ system: 'urn:mrn', value: number }] },
  ...more,
});
export const ann = (more: object = {}): Named => makePatient('ann', '1', more);
export const anne = (more: object = {}): Named => makePatient('anne', '2', more);
/** Makes a Patient with another number and birth date, who is a different person. */
export const unrelatedPatient = (more: object = {}): Named => ({ ...anne(), ...STRANGER, ...more }) as Named;
const STRANGER = { identifier: [{ system: 'urn:mrn', value: '99' }], birthDate: '1950-05-05' };

export const link = (type: 'replaces' | 'replaced-by', reference: string) => ({
  link: [{ type, other: { reference } }],
});
export const observation = (id: string, of: string): Named & object => ({
  resourceType: 'Observation',
  id,
  ...{ status: 'final', code: { text: 'x' }, subject: { reference: `Patient/${of}` } },
});

export interface LinkedFeed {
  readonly server: FhirServer;
  /** Ids of the Patients `ann` and `anne` and of their Observations `a` and `b`. */
  readonly ids: { readonly ann: string; readonly anne: string };
  /**
   * Sends entries.
   * @returns the responses to them
   */
  send(type: 'batch' | 'transaction', ...entries: readonly BundleEntry[]): Promise<readonly EntryResponse[]>;
  /**
   * Sends entries.
   * @returns the HTTP status codes of the responses to them
   */
  statuses(type: 'batch' | 'transaction', ...entries: readonly BundleEntry[]): Promise<readonly string[]>;
  stateOf(patientId: string): Promise<string | undefined>;
  /** Merges two records as an operator. */
  merge(patientId: string, into: string): Promise<void>;
  unmerge(patientId: string): Promise<void>;
}

/** Gives each test of a file or a `describe` a new feed. All use the same server. */
export function linkedFeeds(options: { readonly validation?: Validation } = {}): () => Promise<LinkedFeed> {
  let server: FhirServer;
  beforeAll(async () => {
    server = await startFhir({ projections, ...options });
  });
  afterAll(() => server.close());
  return async () => {
    await server.reset();
    return startLinkedFeed(server);
  };
}

/** Starts the feed of a registered app that has already sent two Patients. */
async function startLinkedFeed(server: FhirServer): Promise<LinkedFeed> {
  const { jwks } = await createSigningKeys('ES384');
  const practiceId = 1 as PracticeId;
  const terms = { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds: [practiceId] } as const;
  const app = await addApp(server, { name: 'EHR', ...terms, scope: 'system/*.cruds' });
  const token = await feedToken(server, app.client_id);
  const sendAny = (type: string, entries: readonly BundleEntry[]) =>
    sendBundle(server, token, makeBundle(type, ...entries));
  const { db, clock } = server;
  const author = { by: 'operator' };
  const deps = (tx: Parameters<typeof unmergePatients>[0]['tx']) => {
    const audit = createAuditLog({ db, clock, random });
    return { tx, clock, random, projections, audit, notifier: mergeNotifier(clock) };
  };
  const entries = [ann(), anne(), observation('a', 'ann'), observation('b', 'anne')].map((one) => putEntry(one));
  const [one, other] = entryResponses(await sendAny('transaction', entries)).map(writtenId);
  return {
    server,
    ids: { ann: one ?? '', anne: other ?? '' },
    send: async (type, ...some) => entryResponses(await sendAny(type, some)),
    async statuses(type, ...some) {
      const answer = await sendAny(type, some);
      return answer.statusCode === 200
        ? entryResponses(answer).map(({ status }) => status.slice(0, 3))
        : [String(answer.statusCode)];
    },
    async stateOf(patientId) {
      const [row] = await db.queryText<{ state: string }>('select state from record where patient_id = $1', [
        patientId,
      ]);
      return row?.state;
    },
    async merge(patientId, into) {
      const mergeRequest = { practiceId, patientId, into, said: 'operator', source: undefined, author } as const;
      await expectDone(db.transaction((tx) => mergePatients(deps(tx), mergeRequest)));
    },
    async unmerge(patientId) {
      await expectDone(db.transaction((tx) => unmergePatients(deps(tx), { practiceId, patientId, author })));
    },
  };
}

async function expectDone(work: Promise<object>): Promise<void> {
  const answer = await work;
  if ('refused' in answer) throw new Error(String(answer.refused));
}
