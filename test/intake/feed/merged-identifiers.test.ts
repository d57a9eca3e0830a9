import { beforeEach, expect, it } from 'vitest';
import { postEntry, putEntry, writtenId } from '../../support/fhir/feed.ts';
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
const same = { identifier: [{ system: 'urn:ssn', value: '7' }] };
beforeEach(async () => {
  feed = await newFeed();
  await feed.send('transaction', putEntry(ann(same)), putEntry(anne(same)));
});

const byNumber = () =>
  putEntry({ ...observation('c', 'x'), subject: { reference: 'Patient?identifier=urn:ssn|7' } } as never);
const ifNone = () => postEntry(makePatient('new', '9'), undefined, { ifNoneExist: 'identifier=urn:ssn|7' });

it('an identifier of two merged Patients matches the active one (R4 conditional references)', async () => {
  expect(await feed.statuses('batch', byNumber(), ifNone())).toEqual(['412', '412']);
  await feed.send('transaction', putEntry(anne({ ...same, ...link('replaced-by', 'Patient/ann') })));
  const [written, found] = await feed.send('batch', byNumber(), ifNone());
  expect({ written: written?.status, found: found?.status }).toEqual({ written: '201 Created', found: '200 OK' });
  expect(writtenId(found ?? { status: '' })).toBe(feed.ids.ann);
  const token = await feed.server.token(feed.ids.ann);
  const stored = (await feed.server.get(token, `/Observation/${writtenId(written ?? { status: '' })}`)).json();
  expect(stored.subject.reference).toBe(`Patient/${feed.ids.ann}`);
});

it('an identifier of the inactive Patient still matches that one, and another person’s stays ambiguous', async () => {
  await feed.send('transaction', putEntry(ann()), putEntry(anne({ ...same, ...link('replaced-by', 'Patient/ann') })));
  const [written] = await feed.send('batch', byNumber());
  expect(written?.status).toBe('201 Created');
  feed.server.clock.set(new Date('2026-11-04T00:00:00Z'));
  await feed.unmerge(feed.ids.anne);
  const token = await feed.server.token(feed.ids.anne);
  expect((await feed.server.get(token, '/Observation')).json().total).toBe(2);
  await feed.send('transaction', putEntry(makePatient('dan', '4', same)));
  expect(await feed.statuses('batch', byNumber())).toEqual(['412']);
});
