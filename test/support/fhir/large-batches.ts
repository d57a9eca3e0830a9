import { afterAll, beforeAll } from 'vitest';
import { projections } from '../../../src/fhir/index.ts';
import { openValidation } from '../../../src/intake/index.ts';
import { measureTurns } from '../runs/event-loop-turns.ts';
import { entryResponses, feedToken, makeBundle, postEntry, putEntry, sendBundle } from './feed.ts';
import { type FhirServer, startFhir } from './fhir-server.ts';

const ANN = {
  resourceType: 'Patient',
  id: 'ann',
  name: [{ family: 'Ann' }],
  gender: 'female',
  birthDate: '1980-02-03',
};
const observation = (more: object = {}) => ({
  resourceType: 'Observation',
  id: 'o',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '2345-7', display: 'Glucose' }], text: 'Glucose' },
  subject: { reference: 'Patient/ann' },
  effectiveDateTime: '2026-01-02T03:04:05Z',
  valueQuantity: { value: 5.4, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  ...more,
});
export const times = <T>(count: number, one: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => one(at));
const notes = (count: number) => ({ note: times(count, (at) => ({ text: `${at} ${'x'.repeat(950)}` })) });
const contained = (count: number) => ({
  contained: times(count, (at) => ({ resourceType: 'Practitioner', id: `p${at}`, name: [{ family: `Name ${at}` }] })),
  performer: times(count, (at) => ({ reference: `#p${at}` })),
});

const document = () => ({
  resourceType: 'DocumentReference',
  id: 'd',
  status: 'current',
  subject: { reference: 'Patient/ann' },
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.alloc(1_000_000, 'x').toString('base64') } }],
});

/** Batches of the maximum size: a kind of entry, the maximum number of such entries, and a function that makes one. */
export const LARGE_BATCHES: readonly (readonly [what: string, most: number, entry: () => object])[] = [
  ['small entries', 2000, () => observation()],
  ['entries with 1,000 contained resources each', 10, () => observation(contained(1000))],
  ['entries of 500 KB', 20, () => observation(notes(500))],
  ['documents of a megabyte', 12, document],
];
/**
 * Opens a feed that validates and converts what it stores.
 * @returns a function that sends a batch
 */
export function openBatchFeed() {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    const validation = openValidation({ mode: 'warn', guides: [] } as never);
    await validation?.prepare();
    server = await startFhir({ projections, ...(validation === undefined ? {} : { validation }) });
    token = await feedToken(server);
    await sendBundle(server, token, batchOf(times(50, () => observation())));
  });
  afterAll(() => server.close());
  return {
    /**
     * Sends a batch.
     * @returns the turns of the event loop, and the responses to entries that were not stored
     */
    async send(entries: readonly object[]) {
      const text = JSON.stringify(batchOf(entries));
      let rejected: unknown[] = [];
      const turns = await measureTurns(async () => {
        const answer = await sendBundle(server, token, text);
        rejected = entryResponses(answer).filter(({ status }) => !status.startsWith('20'));
      });
      return { ...turns, rejected };
    },
  };
}

const batchOf = (entries: readonly object[]) =>
  makeBundle('batch', putEntry(ANN), ...entries.map((one) => postEntry(one as never)));
