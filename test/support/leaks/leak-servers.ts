import { dstu2, type FhirVersion, projections, type Resource, r4 } from '../../../src/fhir/index.ts';
import { BASE, type FhirServer, startFhir } from '../fhir/fhir-server.ts';
import { addExport } from './exports.ts';
import {
  ANN,
  FIRST_DIRECTORY,
  MOTHER,
  MOTHER_ELSEWHERE,
  makeDirectory,
  makeRecord,
  type Owner,
  SECOND_DIRECTORY,
} from './record.ts';

/**
 * Owners whose data a server has: everybody, or only some. The difference between two servers shows what other owners'
 * data changes in a response.
 */
export type VisibleData = 'everybody' | 'ann' | 'first practice' | 'second practice';
export type LeakServers = Readonly<Record<VisibleData, FhirServer>>;

const OWNERS: Readonly<Record<VisibleData, readonly Owner[]>> = {
  everybody: [ANN, MOTHER, MOTHER_ELSEWHERE],
  ann: [ANN],
  'first practice': [ANN, MOTHER],
  'second practice': [MOTHER_ELSEWHERE],
};
const PARTS = Object.keys(OWNERS) as VisibleData[];

/**
 * Starts a server for each set of owners. All have the same data for the owners that they share. Each serves one
 * version of FHIR.
 */
export async function startLeakServers(version: FhirVersion = r4): Promise<LeakServers> {
  const made = await Promise.all(PARTS.map(async (part) => [part, await serverOf(version, OWNERS[part])] as const));
  return Object.fromEntries(made) as unknown as LeakServers;
}

export const closeLeakServers = async (world: LeakServers): Promise<void> => {
  await Promise.all(PARTS.map((part) => world[part].close()));
};

/**
 * Reasons for expected rejections. A Provenance about two owners is stored only where the other one isn't loaded yet,
 * and a type may name its patient in an element that isn't read.
 */
const EXPECTED_REJECTIONS =
  /^The resource, or a target of this Provenance, is in another|^The resource does not name its patient|^The patient of this resource was not found/;

const START = Date.parse('2026-11-02T09:00:00.123Z');

async function serverOf(version: FhirVersion, there: readonly Owner[]): Promise<FhirServer> {
  const server = await startFhir(version.api === dstu2.api ? { version, projections } : { exports: true });
  let minute = 0;
  // Each owner's data is loaded at its own time, even on servers that leave other owners out.
  const load = async (owner: Owner, resources: readonly Resource[], practiceId: number) => {
    minute += 1;
    server.clock.set(new Date(START + minute * 60_000));
    if (!there.includes(owner)) return;
    const { refused } = await server.load(resources, { practiceId });
    const rejections = refused.filter(({ reason }) => !EXPECTED_REJECTIONS.test(reason));
    if (rejections.length > 0) throw new Error(`not loaded: ${JSON.stringify(rejections.slice(0, 3))}`);
  };
  const first = there.includes(ANN) ? ANN : MOTHER;
  await load(first, makeDirectory(FIRST_DIRECTORY), 1);
  await load(ANN, makeRecord(ANN, MOTHER, BASE), 1);
  await load(ANN, changed(makeRecord(ANN, MOTHER, BASE)), 1);
  await load(MOTHER, makeRecord(MOTHER, ANN, BASE), 1);
  await load(MOTHER, changed(makeRecord(MOTHER, ANN, BASE)), 1);
  await load(MOTHER_ELSEWHERE, makeDirectory(SECOND_DIRECTORY), 2);
  await load(MOTHER_ELSEWHERE, makeRecord(MOTHER_ELSEWHERE, ANN, BASE), 2);
  await load(MOTHER_ELSEWHERE, changed(makeRecord(MOTHER_ELSEWHERE, ANN, BASE)), 2);
  // All servers have the same time, however many loads they had.
  server.clock.set(new Date(START + (minute + 1) * 60_000));
  if (version.api !== dstu2.api) await addBulks(server, there);
  return server;
}

/** Adds exports and groups of each practice that has data on this server. */
async function addBulks(server: FhirServer, there: readonly Owner[]): Promise<void> {
  if (there.some((owner) => owner !== MOTHER_ELSEWHERE)) await addExport(server, 1, FIRST_DIRECTORY.canary);
  if (there.includes(MOTHER_ELSEWHERE)) await addExport(server, 2, SECOND_DIRECTORY.canary);
}

/** Makes later versions of the second half of an owner's resources, so that there is a history. */
const changed = (resources: readonly Resource[]): readonly Resource[] =>
  resources.slice(resources.length / 2).map((one) => ({ ...one, language: 'en' }));
