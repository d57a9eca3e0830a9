import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import type { Resource } from '../../../src/fhir/index.ts';
import {
  countResourcesWithIssues,
  listRejectedEntries,
  listResourcesWithIssues,
  openValidation,
  purgeValidationIssues,
  retryRejectedEntries,
  summarizeValidationIssues,
  type Validation,
} from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  putEntry,
  sendBundle,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';

const ONE = 1 as PracticeId;
const ALL = { practices: [ONE], limit: 100 };
const PROFILE = 'https://guide.example/StructureDefinition/performed';

/** An implementation guide with one profile: an Observation with a required performer. */
function guide(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-guide-'));
  const element = (id: string, min: number, max: string, more: object = {}) => ({ id, path: id, min, max, ...more });
  const definition = {
    resourceType: 'StructureDefinition',
    url: PROFILE,
    name: 'Performed',
    status: 'active',
    kind: 'resource',
    abstract: false,
    type: 'Observation',
    baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Observation',
    derivation: 'constraint',
    snapshot: {
      element: [
        element('Observation', 0, '*'),
        element('Observation.performer', 1, '*', { type: [{ code: 'Reference' }] }),
      ],
    },
  };
  writeFileSync(path.join(folder, 'StructureDefinition-performed.json'), JSON.stringify(definition));
  return folder;
}

let server: FhirServer;
let token: string;
/** Value of the setting VALIDATION. Tests change it. */
let strict = false;
beforeAll(async () => {
  const opened = openValidation({ mode: 'warn', guides: [guide()] });
  if (opened === undefined) throw new Error('no validation');
  const validation: Validation = {
    prepare: opened.prepare,
    validate: opened.validate,
    get strict() {
      return strict;
    },
  };
  server = await startFhir({ validation });
});
afterAll(() => server.close());
beforeEach(async () => {
  strict = false;
  await server.reset();
  token = await feedToken(server);
  for (const source of ['test', 'app:ehr']) await server.load([person('p', { gender: 'female' })], { source });
});

const send = (type: string, ...entries: readonly BundleEntry[]) =>
  sendBundle(server, token, makeBundle(type, ...entries));
const person = (id: string, more: object = {}): Resource & { id: string } => ({ resourceType: 'Patient', id, ...more });
const observation = (id: string, more: object = {}): Resource & { id: string } => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'secret words' },
  subject: { reference: 'Patient/p' },
  ...more,
});
const kinds = async (type?: string) =>
  (await summarizeValidationIssues(server.db, { ...ALL, type })).map(({ severity, element, resources }) => [
    severity,
    element,
    resources,
  ]);
const stored = async (id: string) =>
  (await server.db.queryText(`select from resource where content like '%"' || $1 || '"%'`, [id])).length;

describe('VALIDATION=warn', () => {
  const INVALID = observation('o1', { status: 'nonsense-status', valueString: ' ' });

  it('loads resources with issues, and reports the kinds of issues, their counts and positions', async () => {
    const report = await server.load([INVALID, observation('o2', { status: 'nonsense-status' }), observation('o3')]);
    expect(report).toMatchObject({ created: 3, refused: [], faulty: 2 });
    expect(await kinds()).toEqual([
      ['error', 'Observation.status', 2],
      ['error', 'Observation.value', 1],
    ]);
    const [first, second] = await listResourcesWithIssues(server.db, ALL);
    expect({ firstType: first?.type, secondType: second?.type, source: first?.source }).toEqual({
      firstType: 'Observation',
      secondType: 'Observation',
      source: 'test',
    });
    const paths = [first, second].flatMap((one) => one?.issues.map((issue) => issue.path));
    expect(paths.sort()).toEqual(['Observation.status', 'Observation.status', 'Observation.value']);
    expect(await countResourcesWithIssues(server.db)).toEqual([{ practiceId: 1, errors: 2, warnings: 0 }]);
  });

  it('stores no values of a resource with an issue', async () => {
    await server.load([INVALID, observation('o2', { status: 'nonsense-status' })]);
    const rows = await server.db.queryText<{ issues: unknown }>('select issues from validation_fault', []);
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/secret|nonsense/);
  });

  it('changes nothing when the same is loaded again, and deletes the issues of fixed resources', async () => {
    await server.load([INVALID, observation('o2', { status: 'nonsense-status' })]);
    const before = await listResourcesWithIssues(server.db, ALL);
    expect(before).toHaveLength(2);
    server.clock.set(new Date('2026-11-02T10:00:00Z'));
    const again = [person('p', { gender: 'female' }), INVALID];
    expect(await server.load(again)).toMatchObject({ unchanged: 2, faulty: 1 });
    expect(await listResourcesWithIssues(server.db, ALL)).toEqual(before);
    await server.load([observation('o1'), observation('o2')]);
    expect(await listResourcesWithIssues(server.db, ALL)).toEqual([]);
  });

  it('validates against a declared and known profile; an unknown profile isn’t an issue', async () => {
    await server.load([
      observation('o4', { meta: { profile: [PROFILE] } }),
      observation('o5', { meta: { profile: ['https://guide.example/StructureDefinition/unknown'] } }),
    ]);
    expect(await summarizeValidationIssues(server.db, ALL)).toMatchObject([
      { element: 'Observation.performer', profile: PROFILE, code: 'required', resources: 1 },
    ]);
  });

  it('doesn’t report issues of what could not be stored', async () => {
    const report = await server.load([
      observation('lost', { status: 'nonsense-status', subject: { reference: 'Patient/nobody' } }),
    ]);
    expect(report).toMatchObject({ created: 0, faulty: 0, refused: [{ id: 'lost' }] });
    expect(await listResourcesWithIssues(server.db, ALL)).toEqual([]);
  });

  it('reports the issues of written resources to a feed', async () => {
    const answer = await send(
      'transaction',
      putEntry(person('p')),
      putEntry(observation('f1', { effectiveDateTime: 'soon' })),
    );
    expect(answer.statusCode).toBe(200);
    const [, second] = entryResponses(answer);
    expect(second).toMatchObject({
      status: '201 Created',
      outcome: { issue: [{ severity: 'warning', code: 'value', expression: ['Bundle.entry[1].resource.effective'] }] },
    });
    expect(await listResourcesWithIssues(server.db, { ...ALL, source: 'app:ehr' })).toMatchObject([
      { type: 'Observation' },
    ]);
    expect(await listResourcesWithIssues(server.db, { ...ALL, source: 'other' })).toEqual([]);
  });

  it('warns of a document whose bytes contradict its content type, and stores it', async () => {
    const attachment = (contentType: string) => ({ contentType, data: Buffer.from('%PDF-1.7').toString('base64') });
    const note = {
      resourceType: 'DocumentReference',
      id: 'note',
      status: 'current',
      subject: { reference: 'Patient/p' },
      content: ['application/pdf', 'image/png'].map((type) => ({ attachment: attachment(type) })),
    };
    const answer = await send('batch', putEntry(note));
    expect(entryResponses(answer)).toMatchObject([
      {
        status: '201 Created',
        outcome: {
          issue: [{ code: 'value', expression: ['Bundle.entry[0].resource.content.attachment.contentType'] }],
        },
      },
    ]);
    expect(await kinds('DocumentReference')).toEqual([
      ['warning', 'DocumentReference.content.attachment.contentType', 1],
    ]);
    expect(await server.db.queryText('select from document', [])).toHaveLength(2);
  });

  it('has no issues of deleted resources, and drops earlier ones', async () => {
    await send('batch', putEntry(INVALID));
    expect(await countResourcesWithIssues(server.db)).toEqual([{ practiceId: 1, errors: 1, warnings: 0 }]);
    await send('batch', { request: { method: 'DELETE', url: 'Observation/o1' } });
    expect(await countResourcesWithIssues(server.db)).toEqual([]);
    await purgeValidationIssues(server.db);
    expect(await server.db.queryText('select from validation_fault', [])).toEqual([]);
  });

  it('validates a Medication that arrives with a request, as the record has it', async () => {
    const request = {
      resourceType: 'MedicationRequest',
      id: 'm',
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/p' },
      medicationReference: { reference: 'Medication/drug' },
    };
    await server.load([{ resourceType: 'Medication', id: 'drug', status: 'sold-out' }, request]);
    expect(await kinds('Medication')).toEqual([['error', 'Medication.status', 1]]);
  });
});

// The time limit of a test is the limit for each of these inputs.
describe('input that is designed to keep the validator busy', () => {
  const judged = async (resource: object) => {
    const validation = openValidation({ mode: 'warn', guides: [] });
    await validation?.prepare();
    const issues = (await validation?.validate(resource)) ?? [];
    return issues.map(({ path: at, text }) => `${at}: ${text}`);
  };
  const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

  it('invalid base64 of many lines, and megabytes of it', async () => {
    const media = (data: string) => ({
      resourceType: 'Media',
      status: 'completed',
      content: { contentType: 'a/b', data },
    });
    const lines = await judged(media(`${'AAAA\r\n'.repeat(1000)}-`));
    expect(lines).toEqual(['Media.content.data: This must be base64.']);
    expect(await judged(media('AAAA\r\n'.repeat(1_000_000)))).toEqual([]);
  });

  it('thousands of codes, each to be validated against thousands', async () => {
    const code = (n: number) => ({ coding: [{ system: 'urn:s', code: `c${n}` }] });
    const issues = await judged({
      ...observation('o', { valueString: 'x' }),
      code: { coding: many(4000, (n) => ({ system: 'urn:t', code: `t${n}` })) },
      component: many(4000, (n) => ({ code: code(n), valueString: 'x' })),
    });
    expect(issues).toEqual([]);
  });

  it('more values than a resource may have: that is the issue', async () => {
    const issues = await judged({ resourceType: 'Patient', id: 'p', name: many(30_000, () => ({ family: 'a' })) });
    expect(issues).toEqual(['Patient: The resource has more than 50000 values, too many to validate.']);
  });
});

describe('VALIDATION=strict', () => {
  it('rejects resources with an error from a load, with position and reason; the rest is loaded', async () => {
    strict = true;
    const report = await server.load([
      person('p', { gender: 'female' }),
      observation('s1', { status: 'nonsense-status' }),
      observation('s2'),
    ]);
    expect(report.refused).toEqual([
      expect.objectContaining({
        at: 'line 2',
        id: 's1',
        reason: expect.stringMatching(/^The resource isn’t valid\. Observation\.status: /),
      }),
    ]);
    expect(report.created).toBe(1);
    expect(JSON.stringify(report)).not.toContain('nonsense');
    expect(await countResourcesWithIssues(server.db)).toEqual([]);
  });

  it('rejects an entry of a batch with an outcome with position and reason, stores it, and retries it', async () => {
    strict = true;
    const bad = observation('b1', { status: 'nonsense-status', component: [{ valueString: 'x' }] });
    const [first, second] = entryResponses(await send('batch', putEntry(bad), putEntry(observation('b2'))));
    expect(first?.status).toBe('422 Unprocessable Entity');
    expect(first?.outcome).toMatchObject({
      issue: expect.arrayContaining([
        expect.objectContaining({
          severity: 'error',
          code: 'code-invalid',
          expression: ['Bundle.entry[0].resource.status'],
        }),
        expect.objectContaining({ expression: ['Bundle.entry[0].resource.component[0].code'], code: 'required' }),
      ]),
    });
    expect(JSON.stringify(first)).not.toMatch(/nonsense|secret/);
    expect(second?.status).toBe('201 Created');
    expect(await stored('nonsense-status')).toBe(0);
    expect(await listRejectedEntries(server.db, [ONE])).toMatchObject([
      { sourceId: 'b1', waits: false, reason: expect.stringContaining('Observation.status') },
    ]);
    const { db, clock } = server;
    const random = systemRandom;
    const deps = {
      db,
      clock,
      random,
      projections: [],
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    };
    const validation = openValidation({ mode: 'strict', guides: [] });
    expect(await retryRejectedEntries({ ...deps, validation }, ONE)).toEqual({ tried: 1, written: 0 });
    expect(await retryRejectedEntries(deps, ONE)).toEqual({ tried: 1, written: 1 });
    expect(await listRejectedEntries(server.db, [ONE])).toEqual([]);
  });

  it('rejects a transaction as a whole, and names each issue', async () => {
    strict = true;
    const answer = await send(
      'transaction',
      putEntry(observation('t1')),
      putEntry(observation('t2', { status: 'nonsense-status' })),
    );
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      resourceType: 'OperationOutcome',
      issue: [{ severity: 'error', code: 'code-invalid', expression: ['Bundle.entry[1].resource.status'] }],
    });
    expect(await stored('t1')).toBe(0);
    const [days] = await server.db.queryText<{ refused: number }>(
      "select refused from intake_day where source = 'app:ehr' and day = '2026-11-02'",
      [],
    );
    expect(days?.refused).toBe(1);
  });

  it('rejects resources about a patient who was rejected and is unknown', async () => {
    strict = true;
    const about = observation('n1', { subject: { reference: 'Patient/new' } });
    const responses = entryResponses(
      await send('batch', putEntry(person('new', { gender: 'sometimes' })), putEntry(about)),
    );
    expect(responses.map(({ status }) => status)).toEqual(['422 Unprocessable Entity', '422 Unprocessable Entity']);
    expect(await listRejectedEntries(server.db, [ONE])).toMatchObject([
      { type: 'Observation', waits: true },
      { type: 'Patient', waits: false },
    ]);
    await send('batch', putEntry(person('new', { gender: 'other' })));
    expect(await listRejectedEntries(server.db, [ONE])).toEqual([]);
  });

  it('accepts resources with warnings only', async () => {
    strict = true;
    const goal = {
      resourceType: 'Provenance',
      id: 'w1',
      recorded: '2026-01-01T00:00:00Z',
      target: [{ reference: 'Patient/p' }],
      agent: [{ who: { display: 'Ana' } }],
    };
    expect(entryResponses(await send('batch', putEntry(goal)))[0]?.status).toBe('201 Created');
  });
});

describe('VALIDATION=off', () => {
  it('loads no definitions', () => {
    expect(openValidation({ mode: 'off', guides: ['/nowhere'] })).toBeUndefined();
  });

  it('an invalid guide is reported each time', async () => {
    const validation = openValidation({ mode: 'warn', guides: [mkdtempSync(path.join(tmpdir(), 'none-'))] });
    await expect(validation?.prepare()).rejects.toThrow('contains no StructureDefinition');
    await expect(validation?.prepare()).rejects.toThrow('contains no StructureDefinition');
  });
});
