import { beforeEach, describe, expect, it } from 'vitest';
import { putEntry, writtenId } from '../../support/fhir/feed.ts';
import {
  ann,
  anne,
  type LinkedFeed,
  link,
  linkedFeeds,
  makePatient,
  observation,
} from '../../support/fhir/linked-feed.ts';

const newFeed = linkedFeeds();
let feed: LinkedFeed;
beforeEach(async () => {
  feed = await newFeed();
  await feed.send('transaction', putEntry(anne(link('replaced-by', 'Patient/ann'))));
  feed.server.clock.set(new Date('2026-11-03T00:00:00Z'));
});

const provenanceOf = async (patientId: string): Promise<string> =>
  (await feed.server.get(await feed.server.token(patientId), '/Provenance?_count=100')).body;
async function takeApart() {
  feed.server.clock.set(new Date('2026-11-04T00:00:00Z'));
  await feed.unmerge(feed.ids.anne);
  return { ann: await provenanceOf(feed.ids.ann), anne: await provenanceOf(feed.ids.anne) };
}
const provenance = (id: string, ...targets: readonly string[]) => ({
  resourceType: 'Provenance',
  id,
  recorded: '2026-11-03T00:00:00Z',
  target: targets.map((reference) => ({ reference })),
  agent: [{ who: { display: `Dr ${id}` } }],
});

it('the transmitter of resources for two merged Patients is recorded separately, and restored by undoing the merge', async () => {
  const sent = await feed.send('transaction', putEntry(observation('c', 'anne')), putEntry(observation('d', 'ann')));
  const [hers, others] = sent.map((one) => `Observation/${writtenId(one)}`);
  const joined = await provenanceOf(feed.ids.ann);
  expect(joined).toContain(hers);
  expect(joined).toContain(others);
  const after = await takeApart();
  expect(after.anne).toContain(hers);
  expect(after.anne).not.toContain(others);
  expect(after.ann).toContain(others);
  expect(after.ann).not.toContain(hers);
});

it('a source’s Provenance of merged resources is restored with them; Provenance of both or of the other’s stays', async () => {
  const entries = [
    provenance('own', 'Observation/b'),
    provenance('other', 'Observation/a'),
    provenance('both', 'Observation/a', 'Observation/b'),
  ];
  expect(await feed.statuses('transaction', ...entries.map((one) => putEntry(one)))).toEqual(['201', '201', '201']);
  const after = await takeApart();
  expect(['own', 'other', 'both'].filter((id) => after.anne.includes(`Dr ${id}`))).toEqual(['own']);
  expect(['own', 'other', 'both'].filter((id) => after.ann.includes(`Dr ${id}`))).toEqual(['other', 'both']);
});

it('this includes what arrived since for the merged Patient, in a later Bundle', async () => {
  const sent = await feed.send('transaction', putEntry(observation('c', 'anne')));
  const later = provenance('later', `Observation/${writtenId(sent[0] ?? { status: '' })}`);
  expect(await feed.statuses('transaction', putEntry(later))).toEqual(['201']);
  const after = await takeApart();
  expect(after.anne).toContain('Dr later');
  expect(after.ann).not.toContain('Dr later');
});

describe('Provenance of stored resources in a Bundle about the merged Patient', () => {
  it('is about that Patient, and is restored with its targets', async () => {
    const provenanceOf = [
      provenance('own', 'Patient/anne', 'Observation/b'),
      provenance('new', 'Observation/b', 'Observation/c'),
      provenance('mixed', 'Observation/a', 'Observation/c'),
    ];
    const sent = await feed.statuses(
      'transaction',
      putEntry(observation('c', 'anne')),
      ...provenanceOf.map((one) => putEntry(one)),
    );
    expect(sent).toEqual(['201', '201', '201', '201']);
    expect(await feed.statuses('transaction', ...provenanceOf.map((one) => putEntry(one)))).toEqual([
      '200',
      '200',
      '200',
    ]);
    const after = await takeApart();
    expect(['own', 'new', 'mixed'].filter((id) => after.anne.includes(`Dr ${id}`))).toEqual(['own', 'new']);
    expect(['own', 'new', 'mixed'].filter((id) => after.ann.includes(`Dr ${id}`))).toEqual(['mixed']);
  });

  it('is about the first of several merged Patients whose resources it names', async () => {
    await feed.send('transaction', putEntry(makePatient('dan', '4')));
    await feed.send('transaction', putEntry(ann(link('replaced-by', 'Patient/dan'))));
    const provenanceOf = provenance('own', 'Observation/b', 'Observation/c');
    expect(await feed.statuses('transaction', putEntry(observation('c', 'anne')), putEntry(provenanceOf))).toEqual([
      '201',
      '201',
    ]);
    await feed.send('transaction', putEntry(ann()));
    const after = await takeApart();
    expect(after.anne).toContain('Dr own');
    expect(after.ann).not.toContain('Dr own');
  });

  it('is rejected as usual if its targets are in two records', async () => {
    await feed.send('transaction', putEntry(makePatient('dan', '4')), putEntry(observation('d', 'dan')));
    const provenanceOf = provenance('both', 'Observation/b', 'Observation/d');
    expect(await feed.statuses('batch', putEntry(provenanceOf))).toEqual(['422']);
  });
});
