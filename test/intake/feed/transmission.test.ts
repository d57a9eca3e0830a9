import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { projections } from '../../../src/fhir/index.ts';
import { retryRejectedEntries } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import { buildR4Guide, createR4Validator } from '../../../src/validation/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { mergeNotifier } from '../../support/people/merged-people.ts';
import { readPackage } from '../../us-core/read-package.ts';

interface Provenance {
  readonly id: string;
  readonly target: readonly { readonly reference: string }[];
  readonly recorded: string;
  readonly agent: readonly {
    readonly type: { readonly coding: readonly { readonly code: string }[] };
    readonly who: { readonly display?: string; readonly identifier?: { readonly value: string } };
  }[];
}

const ONE = 1 as PracticeId;
let server: FhirServer;
let clientId: string;
let token: string;
beforeAll(async () => {
  server = await startFhir({ projections });
  const { jwks } = await createSigningKeys('ES384');
  const terms = {
    kind: 'backend',
    auth: 'private_key_jwt',
    jwks,
    practiceIds: [ONE],
    scope: 'system/*.cruds',
  } as const;
  const app = await addApp(server, { name: 'Riverside EHR', ...terms });
  clientId = app.client_id;
  token = await feedToken(server, clientId);
});
afterAll(() => server.close());

const send = async (...entries: readonly BundleEntry[]) =>
  entryResponses(await sendBundle(server, token, makeBundle('batch', ...entries)));
const person = (id: string, family: string) => putEntry({ resourceType: 'Patient', id, name: [{ family }] } as never);
const observation = (id: string, patient: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'a' },
  subject: { reference: `Patient/${patient}` },
  ...more,
});
/** Returns all Provenance of a patient's record. */
async function provenanceOf(patientId: string): Promise<readonly Provenance[]> {
  const answer = await server.get(await server.token(patientId), '/Provenance?_count=100');
  expect(answer.statusCode).toBe(200);
  return (answer.json().entry ?? []).map(({ resource }: { resource: Provenance }) => resource);
}
const targetsOf = (provenances: readonly Provenance[]) =>
  provenances.map(({ target }) => target.map(({ reference }) => reference));

describe('the transmitter of a record’s contents is recorded (US Core Provenance, transmitter)', () => {
  it('for each record that a Bundle changed, with everything that it wrote', async () => {
    const [a, x, b] = await send(
      person('a', 'Alba'),
      putEntry(observation('x', 'a')),
      person('b', 'Brook'),
      putEntry({ resourceType: 'Organization', id: 'o', name: 'Lab' } as never),
    );
    const [one, ...others] = await provenanceOf(writtenId(a ?? { status: '' }));
    expect(others).toEqual([]);
    expect(one?.target.map(({ reference }) => reference)).toEqual([
      `Observation/${writtenId(x ?? { status: '' })}`,
      `Patient/${writtenId(a ?? { status: '' })}`,
    ]);
    expect(one?.recorded).toBe('2026-11-02T09:00:00.123Z');
    expect(one?.agent).toMatchObject([
      {
        type: { coding: [{ code: 'transmitter' }] },
        who: { display: 'Riverside EHR', identifier: { value: `urn:uuid:${clientId}` } },
      },
    ]);
    expect(targetsOf(await provenanceOf(writtenId(b ?? { status: '' })))).toEqual([
      [`Patient/${writtenId(b ?? { status: '' })}`],
    ]);
  });

  it('once: the same Bundle again adds nothing, and a change has its own', async () => {
    const entries = [person('g', 'Glen'), putEntry(observation('once', 'g'))];
    await send(...entries);
    const [g] = await send(...entries);
    const patientId = writtenId(g ?? { status: '' });
    expect(g?.status).toBe('200 OK');
    expect(await provenanceOf(patientId)).toHaveLength(1);
    await send(putEntry(observation('once', 'g', { valueString: 'new' })));
    expect((await provenanceOf(patientId)).map(({ target }) => target.length).sort()).toEqual([1, 2]);
    await send(putEntry(observation('once', 'g', { valueString: 'new' })));
    expect(await provenanceOf(patientId)).toHaveLength(2);
  });

  it('and is included by _revinclude', async () => {
    const [h] = await send(person('h', 'Hill'), putEntry(observation('included', 'h')));
    await send(putEntry(observation('included', 'h', { valueString: 'new' })));
    const patient = await server.token(writtenId(h ?? { status: '' }));
    const answer = await server.get(patient, '/Observation?_revinclude=Provenance:target');
    const types = answer
      .json()
      .entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
    expect(types).toEqual(['Observation', 'Provenance', 'Provenance']);
  });

  it('unless the source sends its own, in the same Bundle', async () => {
    const [c] = await send(
      person('c', 'Clay'),
      putEntry(observation('y', 'c')),
      postEntry({
        resourceType: 'Provenance',
        target: [{ reference: 'Observation/y' }],
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { display: 'Dr. Own' } }],
      } as never),
    );
    const patientId = writtenId(c ?? { status: '' });
    const provenances = await provenanceOf(patientId);
    expect(provenances.map(({ agent }) => agent[0]?.who.display).sort()).toEqual(['Dr. Own', 'Riverside EHR']);
    const ours = provenances.filter(({ agent }) => agent[0]?.who.display === 'Riverside EHR');
    expect(targetsOf(ours)).toEqual([[`Patient/${patientId}`]]);
  });

  it('for many resources in parts, each with at most a hundred targets', async () => {
    const many = Array.from({ length: 230 }, (_, n) => putEntry(observation(`many-${n}`, 'd')));
    const [d] = await send(person('d', 'Dale'), ...many);
    const provenances = await provenanceOf(writtenId(d ?? { status: '' }));
    expect(provenances.map(({ target }) => target.length).sort((a, b) => a - b)).toEqual([31, 100, 100]);
    expect(new Set(targetsOf(provenances).flat()).size).toBe(231);
  });

  it('and belongs to the server: the app can neither change nor delete it', async () => {
    const [i] = await send(person('i', 'Isle'));
    const [one] = await provenanceOf(writtenId(i ?? { status: '' }));
    const forged = { ...one, resourceType: 'Provenance', agent: [{ who: { display: 'Somebody else' } }] };
    const [changed] = await send(putEntry(forged as never));
    expect(changed?.status).toBe('409 Conflict');
    const [gone] = await send({ request: { method: 'DELETE', url: `Provenance/${one?.id}` } });
    expect(gone?.status).toBe('409 Conflict');
    expect(JSON.stringify(await provenanceOf(writtenId(i ?? { status: '' })))).not.toContain('Somebody else');
  });

  it('and not for a transaction that was rolled back', async () => {
    const before = await server.db.queryText("select from resource where type = 'Provenance'", []);
    const answer = await sendBundle(
      server,
      token,
      makeBundle('transaction', person('e', 'Elm'), putEntry(observation('z', 'nobody'))),
    );
    expect(answer.statusCode).toBe(422);
    expect(await server.db.queryText("select from resource where type = 'Provenance'", [])).toHaveLength(before.length);
  });

  it('and for a rejected entry when it is finally written, no matter who retries it', async () => {
    await server.db.queryText('delete from refused_entry', []);
    await send(putEntry(observation('late', 'f')));
    const other = await feedToken(server, 'unregistered');
    const uuid = '7b3c1c6e-0000-4000-8000-000000000001';
    await sendBundle(server, other, makeBundle('batch', person(uuid, 'Ford')));
    await server.db.queryText("update refused_entry set content = replace(content, 'Patient/f', $1)", [
      `Patient/${uuid}`,
    ]);
    const { db, clock } = server;
    const random = systemRandom;
    const deps = {
      db,
      clock,
      random,
      projections,
      audit: createAuditLog({ db, clock, random }),
      notifier: mergeNotifier(clock),
    };
    expect(await retryRejectedEntries(deps, ONE)).toEqual({ tried: 1, written: 1 });
    // The app that sent the Patient isn't registered, so no transmitter can be recorded.
    expect(targetsOf(await provenanceOf(uuid))).toEqual([[expect.stringMatching(/^Observation\//)]]);
  });

  it.skipIf(SHARED_DATA === undefined)(
    'as US Core 6.1.0, 7 and 8 require (skipped without ../shared/data or SHARED_DATA)',
    async () => {
      const people = ['j', 'k', 'l', 'm', 'n', 'p'];
      await send(...people.flatMap((id) => [person(id, 'Vale'), putEntry(observation(`of-${id}`, id))]));
      const rows = await server.db.queryText<{ content: string }>(
        `select content from resource where type = 'Provenance' and source = 'server:transmission'`,
        [],
      );
      expect(rows.length).toBeGreaterThan(5);
      for (const version of ['610', '700', '800']) {
        const all = [...readPackage(path.join(SHARED_DATA ?? '', `us-core-igs/us_core_${version}.tgz`))];
        const guide = buildR4Guide(all.map(([, json]) => json as { resourceType: string }));
        const validator = createR4Validator([guide]);
        const issues = rows.flatMap(({ content }) => validator.validate(JSON.parse(content)));
        expect(issues).toEqual([]);
      }
    },
  );
});
