import { beforeEach, describe, expect, it } from 'vitest';
import { projections, refreshProjections } from '../../../src/fhir/index.ts';
import { deleteConversions, storedConversions } from '../../support/database/conversions.ts';
import { markAsEarlierRelease } from '../../support/database/earlier-release.ts';
import { patient } from '../../support/fhir/charts.ts';
import { ANN, ANNE, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
  await world.server.load([observationAbout(1, ANN), observationAbout(2, ANNE)]);
});

const read = async (token: string, path: string) => (await world.server.get(token, path)).json();
const statusOf = async (token: string, path: string) => (await world.server.get(token, path)).statusCode;
const idsOf = async (token: string, path: string) =>
  ((await read(token, path)).entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id);

describe('merging two records', () => {
  it('moves all resources of one to the other, as their next versions, about the remaining Patient', async () => {
    const ann = await world.server.token(ANN);
    expect((await read(ann, '/Observation')).total).toBe(1);
    expect(await world.merge(ANNE, ANN)).toMatchObject({ done: true, into: ANN, resources: 2 });
    const found = await read(ann, '/Observation?_sort=_id');
    expect(found.total).toBe(2);
    expect(found.entry[1].resource).toMatchObject({
      id: id(2),
      meta: { versionId: '2', lastUpdated: world.server.clock.now().toISOString() },
      subject: { reference: `Patient/${ANN}` },
      valueQuantity: { value: 1.5 },
    });
    expect((await read(ann, `/Observation?patient=${ANN}&code=718-7`)).total).toBe(2);
    expect(await idsOf(ann, `/Patient/${ANN}/$everything?_type=Observation`)).toEqual([id(1), id(2)]);
  });

  it('preserves the other Patient, inactive, with a link to the active one (R4 Patient.link)', async () => {
    await world.merge(ANNE, ANN);
    for (const token of [await world.server.token(ANN), await world.backendToken()]) {
      expect(await read(token, `/Patient/${ANNE}`)).toMatchObject({
        active: false,
        link: [{ other: { reference: `Patient/${ANN}` }, type: 'replaced-by' }],
        name: [{ family: 'Anne' }],
      });
      expect(await read(token, `/Patient/${ANN}`)).toMatchObject({
        link: [{ other: { reference: `Patient/${ANNE}` }, type: 'replaces' }],
      });
      expect(await idsOf(token, '/Patient?active=false')).toEqual([ANNE]);
    }
    expect((await read(await world.backendToken(), `/Observation?patient=${ANNE}`)).total).toBe(0);
  });

  it('makes the active Patient the record’s in chains, _has, includes, $everything and $summary', async () => {
    await world.merge(ANNE, ANN);
    for (const token of [await world.server.token(ANN), await world.backendToken()]) {
      expect((await read(token, '/Observation?patient.name=Anne')).total).toBe(0);
      expect((await read(token, '/Observation?patient.name=Ann')).total).toBe(2);
      expect(await idsOf(token, '/Patient?_has:Observation:patient:code=718-7')).toEqual([ANN]);
      const included = await idsOf(token, `/Observation?_id=${id(2)}&_include=Observation:patient`);
      expect(included).toEqual([id(2), ANN]);
      expect(await statusOf(token, `/Patient/${ANNE}/$everything`)).toBe(404);
      expect(await statusOf(token, `/Patient/${ANNE}/$summary`)).toBe(404);
      expect(await statusOf(token, `/Patient/${ANN}/$summary`)).toBe(200);
    }
  });

  it('preserves the history, including deleted resources', async () => {
    await world.server.load([{ ...observationAbout(2, ANNE), status: 'amended' }]);
    await world.merge(ANNE, ANN);
    const ann = await world.server.token(ANN);
    const versions = (await read(ann, `/Observation/${id(2)}/_history`)).entry;
    expect(versions.map(({ resource }: { resource: object }) => resource)).toMatchObject([
      { status: 'amended', subject: { reference: `Patient/${ANN}` } },
      { status: 'amended', subject: { reference: `Patient/${ANNE}` } },
      { status: 'final', subject: { reference: `Patient/${ANNE}` } },
    ]);
  });

  it('moves documents, and their DSTU2 projections', async () => {
    const attachment = { contentType: 'text/plain', data: Buffer.from('Hello Anne').toString('base64') };
    await world.server.load([
      {
        resourceType: 'DocumentReference',
        id: id(5),
        status: 'current',
        type: { text: 'Note' },
        subject: { reference: `Patient/${ANNE}` },
        content: [{ attachment }],
      },
    ]);
    await world.merge(ANNE, ANN);
    const ann = await world.server.token(ANN);
    const { content } = await read(ann, `/DocumentReference/${id(5)}`);
    expect((await world.server.get(ann, content[0].attachment.url)).body).toBe('Hello Anne');
    const projected = (await storedConversions(world.server.db)).filter(
      (one) => one.type === 'Observation' && one.id === id(2),
    );
    expect(projected).toHaveLength(1);
    expect(projected[0]?.content).toContain(`Patient/${ANN}`);
    expect(projected[0]?.record_id).toBe(await world.findRecordId(ANN));
  });

  it('projects everything as a rebuild would, including what refers to moved resources', async () => {
    const request = (number: number, of: string) => ({
      resourceType: 'ServiceRequest',
      id: id(number),
      status: 'active',
      intent: 'order',
      category: [{ coding: [{ system: 'http://snomed.info/sct', code: '108252007' }] }],
      code: { text: 'Blood count' },
      subject: { reference: `Patient/${of}` },
    });
    const report = (number: number, of: string, request: number) => ({
      resourceType: 'DiagnosticReport',
      id: id(number),
      status: 'final',
      code: { text: 'Blood count' },
      subject: { reference: `Patient/${of}` },
      basedOn: [{ reference: `ServiceRequest/${id(request)}` }],
    });
    const { db } = world.server;
    await world.server.load([request(40, ANNE), report(41, ANNE, 40), report(42, ANN, 40)]);
    const acts = [
      () => world.merge(ANNE, ANN),
      () => world.unmerge(ANNE),
      () => world.retract([{ type: 'ServiceRequest', id: id(40) }], ANN),
    ];
    for (const act of acts) {
      await act();
      const now = await storedConversions(db);
      await deleteConversions(db);
      await markAsEarlierRelease(db);
      await refreshProjections(db, { projections });
      expect(now).toEqual(await storedConversions(db));
      expect(JSON.stringify(now)).toContain(id(40));
    }
  });

  it('changes nothing the second time', async () => {
    await world.merge(ANNE, ANN);
    const before = await world.rows();
    expect(await world.merge(ANNE, ANN)).toMatchObject({ done: false, resources: 0 });
    expect(await world.rows()).toEqual(before);
  });

  it('is rejected for an unknown record, a circle, or people with different birth dates', async () => {
    const before = await world.rows();
    const reasonOf = async (...request: Parameters<MergeServer['merge']>) =>
      ((await world.merge(...request)) as { refused?: string }).refused;
    expect(await reasonOf(ANN, ANN)).toContain('the same record');
    expect(await reasonOf(id(99), ANN)).toContain('unknown at this practice');
    await world.server.load([patient(id(77), 'Elsewhere')], { practiceId: 2 });
    expect(await reasonOf(id(77), ANN)).toContain('unknown at this practice');
    expect(await world.rows(1)).toEqual(before);
    await world.server.load([{ ...patient(CAT, 'Cat'), birthDate: '1950-01-01' } as never]);
    await world.server.load([{ ...patient(ANN, 'Ann'), birthDate: '1980-01-01' } as never]);
    expect(await reasonOf(CAT, ANN)).toContain('different dates of birth');
    expect(await world.merge(CAT, ANN, { evenSo: true })).toMatchObject({ done: true });
    expect(await reasonOf(ANN, CAT)).toContain('the same record');
    expect(await reasonOf(CAT, ANNE)).toContain('merged into a third record');
  });

  it('in both directions at once happens once, and concurrent loads go to the remaining record', async () => {
    const [one, other, loaded] = await Promise.all([
      world.merge(ANNE, ANN),
      world.merge(ANN, ANNE),
      world.server.load([observationAbout(3, ANN), observationAbout(4, ANNE)]),
    ]);
    expect([one, other].filter((done) => 'done' in done)).toHaveLength(1);
    expect({ created: loaded.created, refused: loaded.refused }).toEqual({ created: 2, refused: [] });
    const survivor = 'done' in one ? ANN : ANNE;
    const found = await read(await world.server.token(survivor), `/Observation?patient=${survivor}`);
    expect(found.total).toBe(4);
  });

  it('undone while a source sends more leaves nothing of one in the record of the other', async () => {
    await world.merge(ANNE, ANN);
    const many = Array.from({ length: 40 }, (_, index) => [
      observationAbout(100 + index, ANNE),
      observationAbout(200 + index, ANN),
    ]);
    const loads = many.map((pair) => world.server.load(pair));
    await Promise.all([...loads, world.unmerge(ANNE)]);
    for (const patientId of [ANN, ANNE]) {
      const recordId = await world.findRecordId(patientId);
      const own = (await world.rows()).filter(
        ({ record_id, type }) => record_id === recordId && type === 'Observation',
      );
      expect(own).toHaveLength(41);
      for (const { content } of own) expect(JSON.parse(content).subject.reference).toBe(`Patient/${patientId}`);
    }
  });

  it('is recorded for both records, and administrators see no patient ids', async () => {
    await world.merge(ANNE, ANN);
    const events = await world.server.db.queryText<{ record_id: number; detail: object }>(
      "select record_id, detail from audit_event where kind = 'record' order by detail->>'action' desc",
      [],
    );
    expect(events).toMatchObject([
      { record_id: await world.findRecordId(ANNE), detail: { action: 'merged', by: 'test' } },
      { record_id: await world.findRecordId(ANN), detail: { action: 'merge', by: 'test' } },
    ]);
    expect(JSON.stringify(events)).not.toContain(ANN);
  });
});

describe('a load after a merge', () => {
  it('changes nothing if a source sends the same again, by the old id', async () => {
    await world.merge(ANNE, ANN);
    const before = await world.rows();
    const report = await world.server.load([
      patient(ANN, 'Ann'),
      patient(ANNE, 'Anne'),
      observationAbout(1, ANN),
      observationAbout(2, ANNE),
    ]);
    expect({ unchanged: report.unchanged, refused: report.refused }).toEqual({ unchanged: 4, refused: [] });
    expect(await world.rows()).toEqual(before);
    const [known] = await world.server.db.queryText<{ name: string }>(
      'select name from demographics where record_id = $1',
      [await world.findRecordId(ANN)],
    );
    expect(known?.name).toContain('Ann');
    expect(known?.name).not.toContain('Anne');
  });

  it('goes to the remaining record, through several merges', async () => {
    await world.merge(CAT, ANNE);
    await world.merge(ANNE, ANN);
    const before = await world.rows();
    expect(await world.server.load([patient(CAT, 'Cat'), patient(ANNE, 'Anne')])).toMatchObject({ unchanged: 2 });
    expect(await world.rows()).toEqual(before);
    const report = await world.server.load([
      observationAbout(3, CAT),
      { ...observationAbout(2, ANNE), status: 'amended' },
    ]);
    expect(report).toMatchObject({ created: 1, updated: 1, refused: [] });
    const found = await read(await world.server.token(ANN), '/Observation?_sort=_id');
    expect(found.entry.map(({ resource }: { resource: object }) => resource)).toMatchObject(
      [id(1), id(2), id(3)].map((one) => ({ id: one, subject: { reference: `Patient/${ANN}` } })),
    );
    expect(await read(await world.backendToken(), `/Patient/${CAT}`)).toMatchObject({
      link: [{ other: { reference: `Patient/${ANN}` }, type: 'replaced-by' }],
    });
  });

  it('preserves the numbers of both for searches in the practice portal', async () => {
    const numbered = (of: string, name: string, value: string) => ({
      ...patient(of, name),
      identifier: [{ system: 'urn:mrn', value }],
    });
    await world.server.load([numbered(ANN, 'Ann', 'A1'), numbered(ANNE, 'Anne', 'B2')]);
    await world.merge(ANNE, ANN);
    const numbers = async () =>
      (
        await world.server.db.queryText<{ numbers: string[] }>(
          'select numbers from demographics where record_id = $1',
          [await world.findRecordId(ANN)],
        )
      )[0]?.numbers;
    expect(await numbers()).toEqual(['a1', 'b2']);
    await world.server.load([{ ...numbered(ANN, 'Ann', 'A1'), gender: 'female' }]);
    expect(await numbers()).toEqual(['a1', 'b2']);
    await world.unmerge(ANNE);
    expect(await numbers()).toEqual(['a1']);
  });
});

describe('undoing a merge', () => {
  it('restores everything in a newer version, and changes nothing the second time', async () => {
    const contents = async () =>
      (await world.rows()).map(({ record_id, type, content }) => {
        const { meta, ...resource } = JSON.parse(content);
        return { record_id, type, resource };
      });
    const before = await contents();
    await world.merge(ANNE, ANN);
    expect(await world.unmerge(ANNE)).toMatchObject({ done: true, resources: 2 });
    expect(await contents()).toEqual(before);
    const after = await world.rows();
    expect(await world.unmerge(ANNE)).toMatchObject({ done: false });
    expect(await world.rows()).toEqual(after);
    const report = await world.server.load([
      patient(ANN, 'Ann'),
      patient(ANNE, 'Anne'),
      observationAbout(1, ANN),
      observationAbout(2, ANNE),
    ]);
    expect(report.unchanged).toBe(4);
    const [ann, anne] = [await world.server.token(ANN), await world.server.token(ANNE)];
    expect(await idsOf(ann, '/Observation')).toEqual([id(1)]);
    expect(await idsOf(anne, '/Observation')).toEqual([id(2)]);
    expect((await read(anne, `/Observation/${id(2)}`)).meta.versionId).toBe('3');
  });

  it('gives each what was added for it since, and preserves changes', async () => {
    await world.merge(ANNE, ANN);
    await world.server.load([
      observationAbout(3, ANNE),
      observationAbout(4, ANN),
      { ...observationAbout(2, ANNE), status: 'amended' },
    ]);
    await world.unmerge(ANNE);
    const [ann, anne] = [await world.server.token(ANN), await world.server.token(ANNE)];
    expect(await idsOf(ann, '/Observation?_sort=_id')).toEqual([id(1), id(4)]);
    expect(await idsOf(anne, '/Observation?_sort=_id')).toEqual([id(2), id(3)]);
    expect(await read(anne, `/Observation/${id(2)}`)).toMatchObject({
      status: 'amended',
      subject: { reference: `Patient/${ANNE}` },
    });
    expect(await read(anne, `/Patient/${ANNE}`)).not.toHaveProperty('link');
  });

  it('leaves nothing of one in the record of the other: no version, no document, no id', async () => {
    await world.merge(ANNE, ANN);
    await world.server.load([{ ...observationAbout(2, ANNE), status: 'amended' }]);
    await world.unmerge(ANNE);
    for (const [own, other] of [
      [ANN, ANNE],
      [ANNE, ANN],
    ] as const) {
      const token = await world.server.token(own);
      const theirs = await idsOf(await world.server.token(other), '/Observation');
      for (const one of theirs) expect(await statusOf(token, `/Observation/${one}`)).toBe(404);
      for (const one of theirs) expect(await statusOf(token, `/Observation/${one}/_history`)).toBe(404);
      expect(await statusOf(token, `/Patient/${other}`)).toBe(404);
    }
    const anne = await world.server.token(ANNE);
    expect(JSON.stringify(await read(anne, `/Observation/${id(2)}/_history`))).not.toContain(ANN);
    expect(JSON.stringify(await read(anne, `/Patient/${ANNE}/_history`))).not.toContain(ANN);
    const ann = await world.server.token(ANN);
    expect((await read(ann, `/Patient/${ANN}/_history`)).entry).toHaveLength(3);
    expect(JSON.stringify(await read(ann, `/Patient/${ANN}/_history`))).not.toContain(ANNE);
  });

  it('of several works in reverse order, and each gets its own', async () => {
    await world.server.load([observationAbout(3, CAT)]);
    await world.merge(CAT, ANNE);
    await world.merge(ANNE, ANN);
    expect(await world.unmerge(CAT)).toMatchObject({ refused: expect.stringContaining('Undo that merge first') });
    await world.server.load([observationAbout(4, CAT)]);
    await world.unmerge(ANNE);
    expect(await idsOf(await world.server.token(ANNE), '/Observation?_sort=_id')).toEqual([id(2), id(3), id(4)]);
    await world.unmerge(CAT);
    expect(await idsOf(await world.server.token(ANNE), '/Observation')).toEqual([id(2)]);
    expect(await idsOf(await world.server.token(CAT), '/Observation?_sort=_id')).toEqual([id(3), id(4)]);
    expect(await idsOf(await world.server.token(ANN), '/Observation')).toEqual([id(1)]);
  });
});
