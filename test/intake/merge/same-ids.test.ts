import { beforeEach, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { ANN, ANNE, CAT, id, type MergeServer, mergeServers, observationAbout } from '../../support/fhir/merging.ts';

const newWorld = mergeServers();
let world: MergeServer;
beforeEach(async () => {
  world = await newWorld();
  await world.server.load([patient(ANN, 'Ann'), patient(ANNE, 'Anne'), patient(CAT, 'Cat')]);
});

const textOf = async (patientId: string, path: string) =>
  (await world.server.get(await world.server.token(patientId), path)).body;
const note = (number: number, patientId: string, text: string) => ({
  resourceType: 'DocumentReference',
  id: id(number),
  status: 'current',
  type: { text: 'Note' },
  subject: { reference: `Patient/${patientId}` },
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
});
const documentOf = async (patientId: string, number: number) => {
  const { content } = JSON.parse(await textOf(patientId, `/DocumentReference/${id(number)}`));
  return textOf(patientId, content[0].attachment.url);
};

it('a document stays with its reference when another resource with its id moves back', async () => {
  await world.server.load([
    observationAbout(5, ANNE),
    note(5, ANN, 'Hello Ann'),
    observationAbout(6, ANN),
    note(6, ANNE, 'Hello Anne'),
  ]);
  await world.merge(ANNE, ANN);
  expect({ ann: await documentOf(ANN, 5), anne: await documentOf(ANN, 6) }).toEqual({
    ann: 'Hello Ann',
    anne: 'Hello Anne',
  });
  await world.unmerge(ANNE);
  expect({ ANN: await documentOf(ANN, 5), ANNE: await documentOf(ANNE, 6) }).toEqual({
    ANN: 'Hello Ann',
    ANNE: 'Hello Anne',
  });
});

it('a Medication that was copied for a record before gets no version twice', async () => {
  const request = (number: number) => ({
    resourceType: 'MedicationRequest',
    id: id(number),
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${ANNE}` },
    medicationReference: { reference: `Medication/${id(70)}` },
  });
  const medication = { resourceType: 'Medication', id: id(70), code: { text: 'Aspirin' } };
  await world.server.load([medication, request(71), request(72)]);
  await world.retract([{ type: 'MedicationRequest', id: id(71) }], CAT);
  await world.merge(CAT, ANN);
  await world.unmerge(CAT);
  const medications = async () => {
    const record = await world.findRecordId(CAT);
    return (await world.rows()).filter((row) => row.type === 'Medication' && row.record_id === record);
  };
  const before = await medications();
  expect(before).toHaveLength(1);
  await world.retract([{ type: 'MedicationRequest', id: id(72) }], CAT);
  expect(await medications()).toEqual(before);
  expect(await world.merge(CAT, ANN)).toMatchObject({ done: true });
  const found = JSON.parse(await textOf(ANN, '/MedicationRequest?_include=MedicationRequest:medication'));
  expect(found.entry).toHaveLength(3);
});

it('a Patient that a merge replaced isn’t included, though another practice has a record for it', async () => {
  const { server } = world;
  await server.load([observationAbout(5, ANN), observationAbout(6, ANNE)]);
  await server.load([patient(ANNE, 'Anne'), observationAbout(7, ANNE)], { practiceId: 2 });
  await world.merge(ANNE, ANN);
  const token = await server.token('', { backend: 'reader', practices: [1, 2], scope: 'system/*.rs' });
  const searches = [
    `/Observation?patient=${ANN},${ANNE}&_include=Observation:subject`,
    '/Observation?_include=Observation:subject',
  ];
  for (const search of searches) {
    const { entry } = (await server.get(token, search)).json();
    const included = entry.filter((one: { search: { mode: string } }) => one.search.mode === 'include');
    expect(included.map((one: { resource: { id: string } }) => one.resource.id).sort(), search).toEqual([ANN, ANNE]);
  }
});
