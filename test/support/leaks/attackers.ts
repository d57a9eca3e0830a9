import type { SecurityLabel } from '../../../src/domain/index.ts';
import type { FhirServer, TokenOptions } from '../fhir/fhir-server.ts';
import type { LeakServers, VisibleData } from './leak-servers.ts';
import {
  ANN,
  DIRECTORY_TYPES,
  EACH,
  FIRST_DIRECTORY,
  MOTHER,
  MOTHER_ELSEWHERE,
  type Owner,
  patientId,
  RECORD_TYPES,
  resourceId,
  SECOND_DIRECTORY,
} from './record.ts';

/** A token holder who looks for data of other people. */
export interface Attacker {
  readonly name: string;
  readonly of: Owner;
  readonly options: TokenOptions;
  /** Name of the server that has only the data that the attacker may learn about. */
  readonly alone: VisibleData;
  readonly forbidden: readonly Owner[];
}

const ETH: SecurityLabel = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'ETH' };
const LABS = 'patient/Observation.rs?category=laboratory';

/** For attackers with access to Ann's data: the server to compare with, and the owners whose data they must not get. */
const notAnn = { of: ANN, alone: 'ann', forbidden: [MOTHER, MOTHER_ELSEWHERE, SECOND_DIRECTORY] } as const;
const notFirst = { of: ANN, alone: 'first practice', forbidden: [MOTHER_ELSEWHERE, SECOND_DIRECTORY] } as const;
const notSecond = {
  of: MOTHER_ELSEWHERE,
  alone: 'second practice',
  forbidden: [ANN, MOTHER, FIRST_DIRECTORY],
} as const;

export const ATTACKERS: readonly Attacker[] = [
  { name: 'the daughter', ...notAnn, options: { at: 1 } },
  {
    name: 'the daughter by granular scopes',
    ...notAnn,
    options: {
      at: 1,
      scope: `${LABS} patient/Condition.rs?category=problem-list-item patient/Provenance.rs patient/Patient.rs patient/Encounter.rs patient/Practitioner.rs`,
    },
  },
  {
    name: 'the daughter without two kinds',
    ...notAnn,
    options: {
      at: 1,
      scope:
        'patient/Observation.rs patient/Provenance.rs patient/DocumentReference.rs patient/DiagnosticReport.rs patient/Patient.r',
    },
  },
  { name: 'the daughter without sensitive entries', ...notAnn, options: { at: 1, withheld: [ETH] } },
  {
    name: 'the daughter, who asks for practices as well',
    ...notAnn,
    options: { at: 1, scope: 'patient/*.rs user/*.rs system/*.rs' },
  },
  {
    name: 'the daughter, signed in as her mother',
    ...notAnn,
    options: { at: 1, scope: 'openid fhirUser patient/*.rs', fhirUser: { type: 'Patient', id: patientId(MOTHER) } },
  },
  {
    name: 'the daughter, with her doctor',
    ...notAnn,
    options: { at: 1, scope: 'patient/*.rs user/Practitioner.rs user/Organization.rs', practices: [1] },
  },
  { name: 'the mother elsewhere', ...notSecond, options: { at: 2 } },
  {
    name: 'the mother elsewhere, in part',
    ...notSecond,
    options: {
      at: 2,
      scope: `${LABS} patient/Provenance.rs patient/RelatedPerson.rs patient/MedicationRequest.rs`,
      withheld: [ETH],
    },
  },
  { name: 'staff', ...notFirst, options: { scope: 'user/*.rs', practices: [1], record: false } },
  {
    name: 'staff with a patient in context',
    ...notFirst,
    options: {
      at: 1,
      scope: 'patient/*.rs user/Observation.rs?category=vital-signs user/Provenance.rs',
      practices: [1],
    },
  },
  {
    name: 'staff by granular scopes',
    ...notFirst,
    options: {
      scope: 'user/Observation.rs?category=laboratory user/Provenance.rs user/Patient.rs user/Practitioner.rs',
      practices: [1],
      record: false,
    },
  },
  { name: 'somebody by system scopes', ...notSecond, options: { scope: 'system/*.rs', practices: [2], record: false } },
  {
    name: 'a backend app',
    ...notSecond,
    options: { scope: 'system/*.rs', practices: [2], record: false, backend: 'another' },
  },
];

/** Texts and ids that must not be in a response, unless the request contained them. */
export interface Forbidden {
  /** Marker texts of other owners, plain and in base64. They are found in any case. */
  readonly words: readonly string[];
  readonly ids: ReadonlySet<string>;
}

/**
 * Returns what a response to an attacker must not contain. The first resource of each type is referred to from
 * everywhere, so its id isn't secret, but its content is.
 */
export async function forbiddenFor(attacker: Attacker, world: LeakServers): Promise<Forbidden> {
  const own = new Set(
    [attacker.of, ...(attacker.alone === 'first practice' ? [ANN, MOTHER] : [])].map(({ digit }) => digit),
  );
  const owners = attacker.forbidden.filter(({ digit }) => !own.has(digit) && digit !== FIRST_DIRECTORY.digit);
  const ids = owners.flatMap((owner) =>
    [...RECORD_TYPES, ...DIRECTORY_TYPES].flatMap((type) =>
      Array.from({ length: EACH + 10 }, (_, number) => resourceId(type, number + 1, owner)),
    ),
  );
  const known = async (server: FhirServer) => [...(await listDocuments(server)), ...(await listMedications(server))];
  const visible = new Set(await known(world[attacker.alone]));
  const hidden = (await known(world.everybody)).filter((id) => !visible.has(id));
  const words = attacker.forbidden.flatMap(({ canary }) => [canary, Buffer.from(canary).toString('base64')]);
  return { words, ids: new Set([...ids, ...hidden]) };
}

/** Ids of all documents. Two documents with the same content may have the same id. */
export async function listDocuments({ db }: FhirServer): Promise<readonly string[]> {
  return (await db.queryText<{ id: string }>('select distinct id from document order by id', [])).map(({ id }) => id);
}

/** Ids of all Medications. Each record has its own copies, with ids of their own. */
export async function listMedications({ db }: FhirServer): Promise<readonly string[]> {
  const text = "select distinct id from resource where type = 'Medication' order by id";
  return (await db.queryText<{ id: string }>(text, [])).map(({ id }) => id);
}
