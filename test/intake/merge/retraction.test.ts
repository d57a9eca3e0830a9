import { beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { feedToken, makeBundle, sendBundle } from '../../support/fhir/feed.ts';
import { ANN, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(CAT, 'Cat'), observationAbout(1, ANN)]);
  await world.server.load([
    observationAbout(2, ANN, { subject: { reference: `Patient/${ANN}`, display: 'Ann Adams' } }),
  ]);
});

const read = async (token: string, path: string) => (await world.server.get(token, path)).json();
const statusOf = async (token: string, path: string) => (await world.server.get(token, path)).statusCode;
const idsOf = async (token: string, path: string) =>
  ((await read(token, path)).entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id);
const observation = (number: number) => ({ type: 'Observation', id: id(number) });

/** Everything that is stored for a patient's record, in each table that stores content. */
async function storedContents(patientId: string): Promise<string> {
  const rows = await world.server.db.queryText<{ content: string | null }>(
    `select content from resource where record_id = $1 union all
     select content from resource_history where record_id = $1 union all
     select converted from resource where record_id = $1 union all
     select difference from conversion where record_id = $1 union all
     select encode(bytes, 'escape') from document where record_id = $1`,
    [await world.findRecordId(patientId)],
  );
  return rows.map(({ content }) => content).join('\n');
}

describe('a resource that was filed under the wrong patient', () => {
  it('is removed from that record: 410, and no token can read any version there', async () => {
    await world.server.load([{ ...observationAbout(2, ANN), status: 'amended' }]);
    const [ann, system] = [await world.server.token(ANN), await world.backendToken()];
    expect(await world.retract([observation(2)], CAT)).toMatchObject({ done: true, patientId: ANN });
    expect(await statusOf(ann, `/Observation/${id(2)}`)).toBe(410);
    for (const version of [1, 2]) {
      expect(await statusOf(ann, `/Observation/${id(2)}/_history/${version}`)).toBeGreaterThanOrEqual(404);
      expect(await statusOf(system, `/Observation/${id(2)}/_history/${version}`)).toBeGreaterThanOrEqual(404);
    }
    const history = await read(ann, `/Observation/${id(2)}/_history`);
    expect(history.entry).toMatchObject([{ request: { method: 'DELETE' } }]);
    expect(history.entry[0]).not.toHaveProperty('resource');
    expect(await idsOf(ann, '/Observation')).toEqual([id(1)]);
    expect((await read(ann, '/Observation')).total).toBe(1);
    expect(await storedContents(ANN)).not.toContain(id(2));
  });

  it('is 404 for tokens that couldn’t see it, by type or by a sensitive label', async () => {
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' };
    await world.server.load([{ ...observationAbout(2, ANN), meta: { security: [label] } }, observationAbout(3, ANN)]);
    await world.retract([observation(2), observation(3)], CAT);
    const withheld = await world.server.token(ANN, { withheld: [label] });
    const vitals = await world.server.token(ANN, { scope: 'patient/Observation.rs?category=vital-signs' });
    const laboratory = await world.server.token(ANN, { scope: 'patient/Observation.rs?category=laboratory' });
    const others = await world.server.token(ANN, { scope: 'patient/Condition.rs' });
    const statuses = (token: string) =>
      Promise.all([2, 3].map((number) => statusOf(token, `/Observation/${id(number)}`)));
    expect(await statuses(withheld)).toEqual([404, 410]);
    expect(await statuses(vitals)).toEqual([404, 404]);
    expect(await statuses(laboratory)).toEqual([410, 410]);
    expect(await statuses(others)).toEqual([403, 403]);
    expect(await statuses(await world.server.token(CAT))).toEqual([200, 200]);
    expect(await statuses(await world.server.token(CAT, { withheld: [label] }))).toEqual([404, 200]);
  });

  it('is added to the right record as new: about that patient, without the other’s name or history', async () => {
    await world.retract([observation(2)], CAT);
    const cat = await world.server.token(CAT);
    const found = await read(cat, `/Observation/${id(2)}`);
    expect(found.subject).toEqual({ reference: `Patient/${CAT}` });
    expect(found.meta.lastUpdated).toBe(world.server.clock.now().toISOString());
    expect((await read(cat, `/Observation/${id(2)}/_history`)).entry).toHaveLength(1);
    expect((await read(cat, `/Observation?patient=${CAT}&code=718-7`)).total).toBe(1);
    expect(await storedContents(CAT)).not.toContain(ANN);
    expect(await storedContents(CAT)).not.toContain('Ann Adams');
    const system = await world.backendToken();
    expect((await read(system, `/Observation/${id(2)}`)).subject.reference).toBe(`Patient/${CAT}`);
  });

  it('without a right record is stored nowhere', async () => {
    await world.retract([observation(2)]);
    const left = await world.server.db.queryText(
      `select 1 as one from resource where id = $1 union all select 1 from resource_history where id = $1 and content is not null
       union all select 1 from conversion where id = $1`,
      [id(2)],
    );
    expect(left).toEqual([]);
    expect(await statusOf(await world.server.token(CAT), `/Observation/${id(2)}`)).toBe(404);
  });

  it('takes its document with it', async () => {
    const attachment = { contentType: 'text/plain', data: Buffer.from('About Cat').toString('base64') };
    const note = (number: number) => ({
      resourceType: 'DocumentReference',
      id: id(number),
      status: 'current',
      type: { text: 'Note' },
      subject: { reference: `Patient/${ANN}` },
      content: [{ attachment }],
    });
    await world.server.load([note(5), note(6)]);
    const ann = await world.server.token(ANN);
    const url = async (token: string, number: number) =>
      (await read(token, `/DocumentReference/${id(number)}`)).content[0].attachment.url;
    const [first, second] = [await url(ann, 5), await url(ann, 6)];
    await world.retract([{ type: 'DocumentReference', id: id(5) }], CAT);
    await world.retract([{ type: 'DocumentReference', id: id(6) }]);
    for (const one of [first, second]) expect(await statusOf(ann, one)).toBe(404);
    const cat = await world.server.token(CAT);
    expect((await world.server.get(cat, await url(cat, 5))).body).toBe('About Cat');
    expect(await storedContents(ANN)).not.toContain('About Cat');
  });

  it('takes its Provenance with it, copies its Medication, redacts the other’s data, and reports what refers to it', async () => {
    const subject = { reference: `Patient/${ANN}` };
    const request = (number: number) => ({
      resourceType: 'MedicationRequest',
      id: id(number),
      status: 'active',
      intent: 'order',
      subject,
      medicationReference: { reference: `Medication/${id(30)}` },
      encounter: { reference: `Encounter/${id(31)}`, display: 'Ann’s visit' },
    });
    await world.server.load([
      { resourceType: 'Encounter', id: id(31), status: 'finished', class: { code: 'AMB' }, subject },
      { resourceType: 'Medication', id: id(30), code: { text: 'Iron' } },
      request(32),
      request(33),
      {
        resourceType: 'DiagnosticReport',
        id: id(34),
        status: 'final',
        code: {},
        subject,
        result: [{ reference: `Observation/${id(2)}` }],
      },
      {
        resourceType: 'Provenance',
        id: id(35),
        target: [{ reference: `MedicationRequest/${id(32)}` }],
        recorded: '2026-01-01T00:00:00Z',
        agent: [{ who: { display: 'A clinic' } }],
      },
    ]);
    const done = await world.retract([{ type: 'MedicationRequest', id: id(32) }, observation(2)], CAT);
    expect(done).toMatchObject({
      resources: [{ id: id(32) }, { id: id(2) }, { type: 'Provenance', id: id(35) }],
      referring: [{ type: 'DiagnosticReport', id: id(34) }],
    });
    const [ann, cat] = [await world.server.token(ANN), await world.server.token(CAT)];
    const moved = await read(cat, `/MedicationRequest/${id(32)}`);
    expect(moved.encounter).toEqual({
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
    });
    expect(await read(cat, `/${moved.medicationReference.reference}`)).toMatchObject({ code: { text: 'Iron' } });
    expect(await idsOf(cat, '/Provenance')).toEqual([id(35)]);
    expect(await idsOf(ann, '/Provenance')).toEqual([]);
    expect(await idsOf(ann, '/Medication')).toHaveLength(1);
    expect(await storedContents(CAT)).not.toMatch(new RegExp(`${ANN}|Ann’s visit|${id(31)}`));
  });

  it('isn’t restored by an uncorrected source; a corrected one updates it in the right record', async () => {
    await world.retract([observation(2)], CAT);
    const wrong = await world.server.load([observationAbout(2, ANN, { status: 'amended' })]);
    expect(wrong.refused).toMatchObject([{ reason: expect.stringContaining('retracted from this record') }]);
    const right = await world.server.load([observationAbout(2, CAT, { status: 'amended' })]);
    expect({ updated: right.updated, refused: right.refused }).toEqual({ updated: 1, refused: [] });
    expect(await read(await world.server.token(CAT), `/Observation/${id(2)}`)).toMatchObject({ status: 'amended' });
    await world.retract([observation(1)]);
    expect((await world.server.load([observationAbout(1, ANN)])).refused).toHaveLength(1);
    expect((await world.server.load([observationAbout(1, CAT)])).created).toBe(1);
  });

  it('changes nothing the second time', async () => {
    await world.retract([observation(2)], CAT);
    await world.retract([observation(1)]);
    const before = await world.rows();
    expect(await world.retract([observation(2)], CAT)).toMatchObject({ done: false });
    expect(await world.retract([observation(1)])).toMatchObject({ done: false });
    expect(await world.rows()).toEqual(before);
  });

  it('can be moved back after a mistake', async () => {
    await world.retract([observation(2)], CAT);
    await world.retract([observation(2)], ANN);
    expect(await idsOf(await world.server.token(ANN), '/Observation?_sort=_id')).toEqual([id(1), id(2)]);
    expect(await statusOf(await world.server.token(CAT), `/Observation/${id(2)}`)).toBe(410);
    expect((await world.server.load([observationAbout(2, ANN)])).refused).toEqual([]);
  });

  it('that was deleted before has its versions removed', async () => {
    await world.server.db.queryText("update resource set source = 'app:ehr'", []);
    const feed = await feedToken(world.server);
    const gone = makeBundle('transaction', { request: { method: 'DELETE', url: `Observation/${id(2)}` } });
    expect((await sendBundle(world.server, feed, gone)).statusCode).toBe(200);
    expect(await storedContents(ANN)).toContain(id(2));
    expect(await world.retract([observation(2)], CAT)).toMatchObject({ refused: expect.stringContaining('deleted') });
    expect(await world.retract([observation(2)])).toMatchObject({ done: true });
    expect(await storedContents(ANN)).not.toContain(id(2));
    expect(await statusOf(await world.server.token(ANN), `/Observation/${id(2)}`)).toBe(410);
  });

  it('can’t be a Patient, a Medication, unknown, at another practice, or in two records', async () => {
    await world.server.load([observationAbout(3, CAT), { resourceType: 'Organization', id: id(9), name: 'One' }]);
    await world.server.load([patient(id(77), 'Elsewhere'), observationAbout(78, id(77))], { practiceId: 2 });
    const before = await world.rows();
    const rejection = async (...request: Parameters<MergeServer['retract']>) =>
      ((await world.retract(...request)) as { refused?: string }).refused;
    expect(await rejection([{ type: 'Patient', id: ANN }])).toContain('record merge');
    expect(await rejection([{ type: 'Medication', id: id(30) }])).toContain('moves with the resource');
    expect(await rejection([observation(99)])).toContain('in no record');
    expect(await rejection([{ type: 'Organization', id: id(9) }])).toContain('in no record');
    expect(await rejection([observation(78)])).toContain('in no record');
    expect(await rejection([observation(1)], id(77))).toContain('unknown at this practice');
    expect(await rejection([observation(1), observation(3)])).toContain('several patients');
    expect(await world.rows()).toEqual(before);
  });

  it('after a merge of the two records belongs to one person again', async () => {
    await world.retract([observation(2)], CAT);
    await world.merge(CAT, ANN);
    expect(await idsOf(await world.server.token(ANN), '/Observation?_sort=_id')).toEqual([id(1), id(2)]);
    expect((await world.server.load([observationAbout(2, ANN)])).refused).toEqual([]);
  });
});
