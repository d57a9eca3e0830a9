import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { projections, type ResourceKey } from '../../../src/fhir/index.ts';
import { mergePatients, retractFromPatient, unmergePatients } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom as random } from '../../../src/kernel/index.ts';
import { mergeNotifier } from '../people/merged-people.ts';
import { type FhirServer, startFhir } from './fhir-server.ts';
import { completeRegistry, findUnregistered } from './id-registry.ts';

export const ANN = '0000000a-0000-4000-8000-000000000000';
/** Id of a second Patient for the same person as ANN, who was registered twice. */
export const ANNE = '0000000b-0000-4000-8000-000000000000';
/** Id of another person's Patient. */
export const CAT = '0000000c-0000-4000-8000-000000000000';
export const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
export const observationAbout = (number: number, patientId: string, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  category: [{ coding: [{ code: 'laboratory' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
  valueQuantity: { value: 1.5, unit: 'g' },
  subject: { reference: `Patient/${patientId}` },
  ...more,
});

interface Row {
  readonly record_id: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly content: string;
}

/** The FHIR API of two practices, with functions for an operator's merges and retractions. */
export interface MergeServer {
  readonly server: FhirServer;
  merge(patientId: string, into: string, more?: object): ReturnType<typeof mergePatients>;
  unmerge(patientId: string): ReturnType<typeof unmergePatients>;
  retract(resources: readonly ResourceKey[], to?: string): ReturnType<typeof retractFromPatient>;
  /** Stored rows of one practice, or of all. */
  rows(practiceId?: number): Promise<readonly Row[]>;
  findRecordId(patientId: string): Promise<number>;
  /** A token of a backend app that may read everything at the first practice. */
  backendToken(): Promise<string>;
}

/**
 * Gives each test of a file or a `describe` a server without data. All use the same one. The id registry of the first
 * practice is complete, and stays so.
 */
export function mergeServers(): () => Promise<MergeServer> {
  let server: FhirServer;
  beforeAll(async () => {
    server = await startFhir({ projections });
  });
  afterAll(() => server.close());
  afterEach(async () => expect(await findUnregistered(server.db)).toEqual([]));
  return async () => {
    await server.reset();
    await completeRegistry(server.db);
    return mergeWorld(server);
  };
}

function mergeWorld(server: FhirServer): MergeServer {
  const practiceId = 1 as PracticeId;
  const author = { by: 'test' };
  let minute = 0;
  /** Advances the clock, so that each operation is later than the previous one. */
  const perform = <Done>(work: (deps: Parameters<typeof mergePatients>[0]) => Promise<Done>): Promise<Done> => {
    minute += 1;
    server.clock.set(new Date(Date.UTC(2026, 10, 3, 0, minute)));
    const { db, clock } = server;
    return db.transaction((tx) =>
      work({
        tx,
        clock,
        random,
        projections,
        audit: createAuditLog({ db, clock, random }),
        notifier: mergeNotifier(clock),
      }),
    );
  };
  return {
    server,
    merge: (patientId, into, more = {}) =>
      perform((deps) =>
        mergePatients(deps, { practiceId, patientId, into, said: 'operator', source: undefined, author, ...more }),
      ),
    unmerge: (patientId) => perform((deps) => unmergePatients(deps, { practiceId, patientId, author })),
    retract: (resources, to) =>
      perform((deps) => retractFromPatient(deps, { practiceId, resources, to, author, namesOf: (type) => [type] })),
    rows: (practice) =>
      server.db.queryText<Row>(
        `select r.record_id, r.type, r.id, r.version, r.content from resource r join record x using (record_id)
         where x.practice_id = coalesce($1, x.practice_id) order by r.type, r.id`,
        [practice ?? null],
      ),
    async findRecordId(patientId) {
      const [row] = await server.db.queryText<{ record_id: number }>(
        'select record_id from record where patient_id = $1 and practice_id = 1',
        [patientId],
      );
      return row?.record_id ?? 0;
    },
    backendToken: () => server.token('', { backend: 'reader', practices: [1], scope: 'system/*.rs' }),
  };
}
