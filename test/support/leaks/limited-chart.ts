import { findWithheldLabels } from '../../../src/access/index.ts';
import type { SecurityLabel } from '../../../src/domain/index.ts';
import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { BASE, type FhirServer, startFhir, type TokenOptions } from '../fhir/fhir-server.ts';
import { ANN, FIRST_DIRECTORY, MOTHER, makeDirectory, makeRecord, patientId } from './record.ts';

/** A limit of access to a record, with the data that it permits. The data is defined without using the scopes. */
export interface AccessLimit {
  readonly name: string;
  /** The limited type. Undefined if several types are limited. */
  readonly type?: string;
  /** Options of a token with the limit. Its scopes leave out Provenance. */
  readonly limited: TokenOptions;
  /** Options of a token without the limit. */
  readonly whole: TokenOptions;
  readonly shows: (resource: Resource) => boolean;
}

/** Number of resources of each type, enough for one of each category. */
export const CHART_EACH = 8;
const START = Date.parse('2026-11-02T09:00:00.123Z');

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem';
const ETH: SecurityLabel = { system: `${TERMINOLOGY}/v3-ActCode`, code: 'ETH' };

/** Categories for which US Core 6.1, 7 and 8 have granular scopes. */
const CATEGORIES: Readonly<Record<string, readonly (readonly [system: string, code: string])[]>> = {
  Condition: [
    [`${TERMINOLOGY}/condition-category`, 'problem-list-item'],
    [`${TERMINOLOGY}/condition-category`, 'encounter-diagnosis'],
    [`${US_CORE}/condition-category`, 'health-concern'],
  ],
  Observation: [
    [`${TERMINOLOGY}/observation-category`, 'laboratory'],
    [`${TERMINOLOGY}/observation-category`, 'vital-signs'],
    [`${TERMINOLOGY}/observation-category`, 'social-history'],
    [`${TERMINOLOGY}/observation-category`, 'survey'],
    [`${TERMINOLOGY}/observation-category`, 'imaging'],
    [`${US_CORE}/us-core-category`, 'sdoh'],
    [`${US_CORE}/us-core-category`, 'treatment-intervention-preference'],
  ],
  DocumentReference: [
    [`${US_CORE}/us-core-documentreference-category`, 'clinical-note'],
    ['urn:other', 'imaging'],
  ],
  DiagnosticReport: [
    [`${TERMINOLOGY}/v2-0074`, 'LAB'],
    ['http://loinc.org', 'LP29684-5'],
    ['http://loinc.org', 'LP29708-2'],
    ['http://loinc.org', 'LP7839-6'],
  ],
  ServiceRequest: [
    [`${US_CORE}/us-core-category`, 'sdoh'],
    [`${TERMINOLOGY}/service-category`, '1'],
  ],
  CarePlan: [
    [`${US_CORE}/careplan-category`, 'assess-plan'],
    ['urn:other', 'other'],
  ],
};

/** Makes the resources of the record. Each has one category, and the last one of each type has two. */
export function makeChart(): readonly Resource[] {
  return makeRecord(ANN, MOTHER, BASE, CHART_EACH).map((resource) => {
    const categories = CATEGORIES[resource.resourceType];
    const number = Number(resource.id?.slice(4, 8));
    if (categories === undefined) return resource;
    const own = number === CHART_EACH - 1 ? categories.slice(0, 2) : [categories[number % categories.length]];
    return { ...resource, category: own.map((one) => ({ coding: [{ system: one?.[0], code: one?.[1] }] })) };
  });
}

interface Concept {
  readonly coding?: readonly { readonly system?: string; readonly code?: string }[];
}

/** Limits by the granular scopes of US Core, with code and system, and with the code alone. */
export const US_CORE_LIMITS: readonly AccessLimit[] = Object.entries(CATEGORIES).flatMap(([type, categories]) =>
  categories.flatMap(([system, code], index) =>
    [`${system}|${code}`, ...(index === 0 ? [code] : [])].map((value) =>
      createLimit(type, `category=${value}`, ({ category }) =>
        (category as readonly Concept[]).some(({ coding = [] }) =>
          coding.some((one) => one.code === code && (value === code || one.system === system)),
        ),
      ),
    ),
  ),
);

/** The limit of a patient's token that doesn't include sensitive labels. */
export const SENSITIVE: AccessLimit = {
  name: 'without sensitive entries',
  limited: { scope: scopesExcept('Provenance'), withheld: findWithheldLabels([ETH], []) },
  whole: { scope: scopesExcept('Provenance') },
  shows: ({ meta }) => !JSON.stringify(meta ?? {}).includes('ETH'),
};

/**
 * Makes a limit of one type by a granular scope.
 * @param shows tells whether the limit permits a resource of the type
 */
export function createLimit(type: string, query: string, shows: (resource: Resource) => boolean): AccessLimit {
  return {
    name: `${type}.rs?${query}`,
    type,
    limited: { scope: `${scopesExcept(type, 'Provenance')} patient/${type}.rs?${query}` },
    whole: { scope: scopesExcept('Provenance') },
    shows: (resource) => resource.resourceType !== type || shows(resource),
  };
}

/** Returns the scopes of all types except these. */
export function scopesExcept(...left: readonly string[]): string {
  const types = r4.types.map(({ stored }) => stored).filter((type) => !left.includes(type));
  return types.map((type) => `patient/${type}.rs`).join(' ');
}

/**
 * Starts a server with one record: all its resources, or only those that a limit permits. Resources have the same ids
 * on both.
 */
export async function startChartServer(limit?: AccessLimit): Promise<FhirServer> {
  const server = await startFhir();
  await loadInSteps(server, limit === undefined || needsAll(limit) ? makeChart() : makeChart().filter(limit.shows));
  if (limit !== undefined && needsAll(limit)) await leaveOut(server, limit);
  return server;
}

/** Key that is the same for limits that permit the same resources. */
export const limitKey = (limit: AccessLimit): string =>
  needsAll(limit) ? limit.name : JSON.stringify(makeChart().map((resource) => limit.shows(resource)));

/**
 * Whether all resources have to be loaded before those that the limit hides are deleted. A record has copies of the
 * Medications that it refers to.
 */
const needsAll = ({ type }: AccessLimit): boolean => type === 'Medication' || type === 'MedicationStatement';

async function leaveOut({ db }: FhirServer, { type, shows }: AccessLimit): Promise<void> {
  const rows = await db.queryText<{ content: string }>('select content from resource where type = $1', [type]);
  const hidden = rows.map(({ content }): Resource => JSON.parse(content)).filter((one) => !shows(one));
  for (const table of ['resource', 'resource_history'])
    await db.queryText(`delete from ${table} where type = $1 and id = any($2::uuid[])`, [
      type,
      hidden.map(({ id }) => id),
    ]);
}

/**
 * For each minute, the numbers of the resources that exist by then. In the last minute, no resource of the first
 * categories is added.
 */
const STEPS: readonly ((number: number) => boolean)[] = [
  (number) => number < 2 || number === CHART_EACH - 1,
  (number) => number < 2 || number > 4,
  () => true,
];
/**
 * Reasons for expected rejections: some resources are stored only with those that refer to them, or belong to no
 * record.
 */
const EXPECTED_REJECTIONS =
  /^None of the targets is in a known record|^The resource does not name its patient|^The patient of this resource was not found/;

/** Loads resources in several steps at fixed times. The times are the same on a server that leaves resources out. */
async function loadInSteps(server: FhirServer, resources: readonly Resource[]): Promise<void> {
  server.clock.set(new Date(START));
  await server.load(makeDirectory(FIRST_DIRECTORY));
  for (const [at, isThere] of STEPS.entries()) {
    server.clock.set(new Date(START + (at + 1) * 60_000));
    const part = resources.filter(({ id }) => isThere(Number(id?.slice(4, 8))));
    const { refused } = await server.load(part);
    const rejections = refused.filter(({ reason }) => !EXPECTED_REJECTIONS.test(reason));
    if (rejections.length > 0) throw new Error(`not loaded: ${JSON.stringify(rejections.slice(0, 3))}`);
  }
  server.clock.set(new Date(START + 3_600_000));
}

export const chartPatient = patientId(ANN);
