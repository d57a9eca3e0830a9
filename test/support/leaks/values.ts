import type { FhirVersion, ServedType } from '../../../src/fhir/index.ts';
import { BASE } from '../fhir/fhir-server.ts';
import type { SeededRandom } from '../fuzzing/seeded-random.ts';
import { DIRECTORY_TYPES, EACH, FIRST_DIRECTORY, type Owner, patientId, resourceId } from './record.ts';

/**
 * Context of an attacker's requests: the owner whose data the token covers, and the owners whose data must not leak.
 */
export interface HuntContext {
  readonly version: FhirVersion;
  readonly own: Owner;
  readonly others: readonly Owner[];
  /** Ids of the documents of all owners. */
  readonly documents: readonly string[];
  /** Ids of the Medications of all owners. Each copy has its own id. */
  readonly medications?: readonly string[];
  /** URLs of groups and exports of other practices. */
  readonly bulk?: readonly string[];
  /** Stored type that half of the requests are about. */
  readonly focus?: string;
  /** Number of resources of each type. The default is EACH. */
  readonly each?: number;
}

const UNKNOWN_ID = '0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f';

/** Chooses an id: usually of another owner, otherwise the attacker's own or an unknown one. */
export function pickId(
  type: string,
  { own, others, each = EACH, medications = [] }: HuntContext,
  random: SeededRandom,
): string {
  if (random.chance(0.1)) return UNKNOWN_ID;
  if (type === 'Medication' && medications.length > 0) return random.pick(medications);
  const owner = DIRECTORY_TYPES.includes(type) ? FIRST_DIRECTORY : random.chance(0.5) ? random.pick(others) : own;
  const id = type === 'Patient' ? patientId(owner) : resourceId(type, random.below(each), owner);
  return random.chance(0.05) ? id.toUpperCase() : id;
}

export function pickType({ version, focus }: HuntContext, random: SeededRandom): ServedType {
  const focused = version.types.filter(({ stored }) => stored === focus);
  return random.pick(focused.length > 0 && random.chance(0.5) ? focused : version.types);
}

/** Chooses a reference, in one of the forms in which a search may have it. */
export function pickReference(types: readonly string[], scene: HuntContext, random: SeededRandom): string {
  const type = types.length === 0 ? pickType(scene, random).stored : random.pick(types);
  const id = pickId(type, scene, random);
  const forms = [id, `${type}/${id}`, `${type}/${id}`, `${BASE}/${type}/${id}`, `${type}/${id}/_history/1`];
  return random.pick([...forms, `#${id}`, `urn:uuid:${id}`, `urn:ids|${type}-${random.below(EACH)}`]);
}

const codes = [
  'c0',
  'c1',
  'c2',
  'laboratory',
  'vital-signs',
  'problem-list-item',
  'final',
  'active',
  'current',
  'order',
  'ETH',
  't0',
  'LAB',
  // `CRITL` is DSTU2's code for `low`.
  'CRITL',
  'true',
  'female',
];
const dates = [
  '2024',
  '2024-03',
  'ge2000',
  'lt2030-01-01',
  '2024-03-03',
  'ap2024-02',
  'sa2023',
  'ne2024-04',
  'gt2026-11-02T09:02:00Z',
];
const quantities = ['5.4', 'gt1', '5.4|http://unitsofmeasure.org|mg', 'lt100||mg', 'ne7'];

/** Chooses a marker text of another owner, so that the search tests whether it exists. */
const pickCanary = ({ own, others }: HuntContext, random: SeededRandom): string =>
  `${random.chance(0.6) ? random.pick(others).canary : own.canary}${random.pick(['', ' text', ' word', ' city'])}`;

/** Chooses a value of the kind that a parameter takes, or sometimes of another kind. */
export function pickValue(kind: string, targets: readonly string[], scene: HuntContext, random: SeededRandom): string {
  const one = (): string => {
    if (random.chance(0.07)) return pickReference([], scene, random);
    switch (kind) {
      case 'token':
        return random.pick([
          random.pick(codes),
          `urn:codes|${random.pick(codes)}`,
          `|${random.pick(codes)}`,
          'urn:codes|',
          `urn:ids|${pickType(scene, random).stored}-${random.below(EACH)}`,
          pickCanary(scene, random),
          `urn:a|c0|${pickCanary(scene, random)}`,
        ]);
      case 'date':
        return random.pick(dates);
      case 'quantity':
        return random.pick(quantities);
      case 'uri':
        return `urn:${pickCanary(scene, random).split(' ')[0]}:url`;
      case 'reference':
        return pickReference(targets, scene, random);
      case 'patient':
        return random.pick([pickReference(['Patient'], scene, random), patientId(scene.own)]);
      case 'composite':
        return `${random.pick(codes)}$${random.pick([...dates, ...quantities, ...codes])}`;
      default:
        return pickCanary(scene, random).toLowerCase();
    }
  };
  return random.chance(0.15) ? `${one()},${one()}` : one();
}
