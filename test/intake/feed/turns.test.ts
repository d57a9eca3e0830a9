import { afterAll, beforeAll, expect, it } from 'vitest';
import { projections } from '../../../src/fhir/index.ts';
import { openValidation } from '../../../src/intake/index.ts';
import { bundleOf, feedToken, post, put, responsesOf, sendBundle } from '../../support/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir-server.ts';
import { longestTurn } from '../../support/turn-cost.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  const validation = openValidation({ mode: 'warn', guides: [] } as never);
  await validation?.prepare();
  server = await startFhir({ projections, ...(validation === undefined ? {} : { validation }) });
  token = await feedToken(server);
  await sendBundle(
    server,
    token,
    bundleOf('batch', put(ANN), ...Array.from({ length: 50 }, () => post(observation()))),
  );
});
afterAll(() => server.close());

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
const many = <T>(count: number, one: (at: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, at) => one(at));
const notes = (count: number) => ({ note: many(count, (at) => ({ text: `${at} ${'x'.repeat(950)}` })) });
const contained = (count: number) => ({
  contained: many(count, (at) => ({ resourceType: 'Practitioner', id: `p${at}`, name: [{ family: `Name ${at}` }] })),
  performer: many(count, (at) => ({ reference: `#p${at}` })),
});

it.each([
  ['2,000 small entries', () => many(2000, () => post(observation()))],
  ['entries with 1,000 contained resources each', () => many(10, () => post(observation(contained(1000))))],
  ['entries of 500 KB', () => many(20, () => post(observation(notes(500))))],
  [
    'documents of a megabyte',
    () =>
      many(12, () =>
        post({
          resourceType: 'DocumentReference',
          id: 'd',
          status: 'current',
          subject: { reference: 'Patient/ann' },
          content: [
            { attachment: { contentType: 'text/plain', data: Buffer.alloc(1_000_000, 'x').toString('base64') } },
          ],
        } as never),
      ),
  ],
] as const)('a batch of %s blocks nobody for more than 100 ms', { timeout: 240_000 }, async (_, entries) => {
  const text = JSON.stringify(bundleOf('batch', put(ANN), ...(entries() as never[])));
  let failed: unknown[] = [];
  const longest = await longestTurn(async () => {
    const answer = await sendBundle(server, token, text);
    failed = responsesOf(answer).filter(({ status }) => !status.startsWith('20'));
  });
  expect(failed).toEqual([]);
  expect(longest).toBeLessThan(100);
});
