import type { FhirVersion, ServedType } from '../../../../src/fhir/index.ts';
import { BASE } from '../../fhir-server.ts';
import type { Dice } from '../dice.ts';
import { DIRECTORY_TYPES, EACH, FIRST_DIRECTORY, idOf, type Owner, patientIdOf } from './record.ts';

/** The context of requests: the owner of the token, and the owners whose data is hunted. */
export interface Scene {
  readonly version: FhirVersion;
  readonly own: Owner;
  readonly others: readonly Owner[];
  /** The documents of all owners. */
  readonly documents: readonly string[];
  /** The Medications of all owners: copies have their own ids. */
  readonly medications?: readonly string[];
  /** Groups and exports of other practices. */
  readonly bulk?: readonly string[];
  /** The stored type that half of the requests are about. */
  readonly focus?: string;
  /** The number of resources of each type; EACH by default. */
  readonly each?: number;
}

const UNKNOWN_ID = '0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f';

/** Usually an id of another owner, else one's own or an unknown one. */
export function anId(type: string, { own, others, each = EACH, medications = [] }: Scene, random: Dice): string {
  if (random.chance(0.1)) return UNKNOWN_ID;
  if (type === 'Medication' && medications.length > 0) return random.pick(medications);
  const owner = DIRECTORY_TYPES.includes(type) ? FIRST_DIRECTORY : random.chance(0.5) ? random.pick(others) : own;
  const id = type === 'Patient' ? patientIdOf(owner) : idOf(type, random.below(each), owner);
  return random.chance(0.05) ? id.toUpperCase() : id;
}

export function aType({ version, focus }: Scene, random: Dice): ServedType {
  const focused = version.types.filter(({ stored }) => stored === focus);
  return random.pick(focused.length > 0 && random.chance(0.5) ? focused : version.types);
}

/** A reference in one of its possible forms. */
export function aReference(types: readonly string[], scene: Scene, random: Dice): string {
  const type = types.length === 0 ? aType(scene, random).stored : random.pick(types);
  const id = anId(type, scene, random);
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
  // DSTU2’s code for R4’s `low`.
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

/** A word that only other records contain, to probe for them. */
const pickCanary = ({ own, others }: Scene, random: Dice): string =>
  `${random.chance(0.6) ? random.pick(others).canary : own.canary}${random.pick(['', ' text', ' word', ' city'])}`;

/** A value of the kind that a parameter takes, and occasionally of another kind. */
export function aValue(kind: string, targets: readonly string[], scene: Scene, random: Dice): string {
  const one = (): string => {
    if (random.chance(0.07)) return aReference([], scene, random);
    switch (kind) {
      case 'token':
        return random.pick([
          random.pick(codes),
          `urn:codes|${random.pick(codes)}`,
          `|${random.pick(codes)}`,
          'urn:codes|',
          `urn:ids|${aType(scene, random).stored}-${random.below(EACH)}`,
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
        return aReference(targets, scene, random);
      case 'patient':
        return random.pick([aReference(['Patient'], scene, random), patientIdOf(scene.own)]);
      case 'composite':
        return `${random.pick(codes)}$${random.pick([...dates, ...quantities, ...codes])}`;
      default:
        return pickCanary(scene, random).toLowerCase();
    }
  };
  return random.chance(0.15) ? `${one()},${one()}` : one();
}
