import type { Resource } from '../../../src/fhir/index.ts';
import { r4Elements } from '../../../src/fhir/r4/elements.ts';

/**
 * Context for filling a resource: its owner's marker text, its number within the type, and the targets of its
 * references.
 */
export interface FillOptions {
  /**
   * Marker text that is in all texts of the resource. It has six characters, so that it can be recognized in base64
   * too.
   */
  readonly canary: string;
  readonly number: number;
  /** Returns the target of the Reference at a path, as `Type/id`. Undefined leaves the Reference out. */
  readonly reference: (path: string, turn: number) => string | undefined;
}

type Elements = ReturnType<typeof r4Elements.getType>['elements'];
type Element = Elements extends ReadonlyMap<string, infer One> ? One : never;

const UCUM = 'http://unitsofmeasure.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const LEFT_OUT = new Set(['id', 'implicitRules', 'extension', 'modifierExtension', 'contained', 'language']);
/** Elements whose values hide a resource from DSTU2 clients. One in four resources has them. */
const HIDING_ELEMENTS = new Set([
  'Observation.focus',
  'MedicationRequest.doNotPerform',
  'MedicationRequest.reportedBoolean',
  'MedicationRequest.reportedReference',
  'ServiceRequest.doNotPerform',
]);
const MAX_DEPTH = 4;

/** Makes a resource with every element that R4 defines. Its number selects one type of each choice element. */
export function fillResource(resourceType: string, id: string, filling: FillOptions): Resource {
  const { canary, number } = filling;
  return {
    ...partOf(resourceType, resourceType, filling, 0),
    resourceType,
    id,
    meta: metaOf(number),
    contained: [
      { resourceType: 'Organization', id: 'box', name: `${canary} box` },
      { resourceType: 'Observation', id: 'seen', status: 'final', code: { text: `${canary} seen` } },
    ],
    extension: [{ url: `urn:${canary}`, valueString: `${canary} aside` }],
  };
}

const metaOf = (number: number): object => ({
  profile: [`http://hl7.org/fhir/us/core/StructureDefinition/p${number % 2}`],
  tag: [{ system: 'urn:tags', code: `t${number % 2}` }],
  ...(number % 3 === 2 ? { security: [{ system: `${TERMINOLOGY}/v3-ActCode`, code: 'ETH' }] } : {}),
});

function partOf(type: string, path: string, filling: FillOptions, depth: number): Record<string, unknown> {
  const elements = [...r4Elements.getType(type).elements.values()].filter(({ name }) => !LEFT_OUT.has(name));
  const entries = elements.flatMap((element): (readonly [string, unknown])[] => {
    if (element.name === 'meta' || !isChosen(element, elements, filling.number)) return [];
    if (HIDING_ELEMENTS.has(`${path}.${element.name}`) && filling.number !== 3) return [];
    const value = elementValue(element, `${path}.${element.name}`, filling, depth);
    return value === undefined ? [] : [[element.name, element.repeats ? [value].flat() : value]];
  });
  return Object.fromEntries(entries);
}

/** Whether the number selects this type of a choice element. */
function isChosen(element: Element, elements: readonly Element[], number: number): boolean {
  if (element.choice === undefined) return true;
  const all = elements.filter(({ choice }) => choice === element.choice).slice(0, 6);
  return all[number % all.length] === element;
}

function elementValue(element: Element, path: string, filling: FillOptions, depth: number): unknown {
  const { type, kind } = element;
  if (kind === 'xhtml') return `<div xmlns="http://www.w3.org/1999/xhtml">${filling.canary}</div>`;
  if (kind === 'resource') return undefined;
  if (kind !== 'complex') return primitiveOf(type, path, filling);
  const known = COMPLEX[type];
  if (known !== undefined) return known(path, filling);
  return depth >= MAX_DEPTH ? undefined : partOf(type, path, filling, depth + 1);
}

/** Categories for which granular scopes exist, from FHIR R4 and US Core. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  Observation: ['laboratory', 'vital-signs', 'social-history', 'survey', 'sdoh'],
  Condition: ['problem-list-item', 'encounter-diagnosis', 'health-concern'],
  DocumentReference: ['clinical-note', 'imaging'],
  DiagnosticReport: ['LAB', 'LP29684-5', 'LP29708-2'],
  AllergyIntolerance: ['food', 'medication'],
  // Categories that make three different types in DSTU2: ProcedureRequest, DiagnosticOrder, ReferralRequest.
  ServiceRequest: ['409063005', '108252007', '3457005'],
};
const SYSTEMS: Readonly<Record<string, string>> = {
  Observation: `${TERMINOLOGY}/observation-category`,
  Condition: `${TERMINOLOGY}/condition-category`,
  ServiceRequest: 'http://snomed.info/sct',
};
/** Statuses with which a resource is found by default and visible in DSTU2. */
const STATUS: Readonly<Record<string, string>> = {
  DocumentReference: 'current',
  MedicationRequest: 'active',
  Observation: 'final',
  Encounter: 'finished',
  FamilyMemberHistory: 'completed',
  DiagnosticReport: 'final',
  Immunization: 'completed',
  Procedure: 'completed',
  QuestionnaireResponse: 'completed',
  Specimen: 'available',
};

function conceptOf(path: string, { canary, number }: FillOptions): object {
  const [system, status] = STATUSES[path] ?? [];
  if (status !== undefined) return { coding: [{ system, code: status }] };
  const [type = '', ...rest] = path.split('.');
  const categories = rest.join('.') === 'category' ? CATEGORIES[type] : undefined;
  if (categories === undefined)
    return {
      coding: [{ system: 'urn:codes', code: `c${number % 3}`, display: `${canary} word` }],
      text: `${canary} text`,
    };
  const code = categories[number % categories.length];
  return { coding: [{ ...(SYSTEMS[type] === undefined ? {} : { system: SYSTEMS[type] }), code }] };
}

const STATUSES: Readonly<Record<string, readonly [system: string, code: string]>> = {
  'Condition.clinicalStatus': [`${TERMINOLOGY}/condition-clinical`, 'active'],
  'Condition.verificationStatus': [`${TERMINOLOGY}/condition-ver-status`, 'confirmed'],
  // Code of the administering provider, whom DSTU2 has as performer. With the code OP it would be the requester.
  'Immunization.performer.function': [`${TERMINOLOGY}/v2-0443`, 'AP'],
  'FamilyMemberHistory.sex': ['http://hl7.org/fhir/administrative-gender', 'female'],
  'AllergyIntolerance.clinicalStatus': [`${TERMINOLOGY}/allergyintolerance-clinical`, 'active'],
  'AllergyIntolerance.verificationStatus': [`${TERMINOLOGY}/allergyintolerance-verification`, 'confirmed'],
};

const quantity = (_path: string, { number }: FillOptions): object => ({
  value: number + 5.4,
  unit: 'mg',
  system: UCUM,
  code: 'mg',
});

const COMPLEX: Readonly<Record<string, (path: string, filling: FillOptions) => unknown>> = {
  CodeableConcept: conceptOf,
  Coding: (_path, { canary, number }) => ({ system: 'urn:codes', code: `c${number % 3}`, display: `${canary} word` }),
  // Identifiers are the same in every record, because FHIR R4 §2.24.0.12 doesn't require them to be unique.
  Identifier: (path, { number }) => ({ system: 'urn:ids', value: `${path.split('.')[0]}-${number}` }),
  Reference(path, { reference, canary, number }) {
    const found = reference(path, number);
    return found === undefined ? undefined : { reference: found, display: `${canary} name` };
  },
  Quantity: quantity,
  SimpleQuantity: quantity,
  Age: (path, filling) => ({ ...quantity(path, filling), unit: 'a', code: 'a' }),
  Duration: (path, filling) => ({ ...quantity(path, filling), unit: 'h', code: 'h' }),
  Period: (_path, { number }) => ({ start: `2024-0${1 + (number % 9)}-02`, end: `2024-0${1 + (number % 9)}-12` }),
  Timing: (_path, { number }) => ({ event: [`2024-0${1 + (number % 9)}-03`] }),
  Attachment: (_path, { canary, number }) => ({
    contentType: 'text/plain',
    // The document with number 1 is the same in every record. All others are unique.
    data: Buffer.from(number === 1 ? 'the same bytes everywhere' : `${canary} bytes of ${number}`).toString('base64'),
    title: `${canary} title`,
  }),
  ContactPoint: (_path, { canary, number }) => ({
    // The system doesn't alternate with each number, because every other resource is inactive and thus hidden from
    // DSTU2.
    system: number % 4 < 2 ? 'phone' : 'email',
    use: 'work',
    value: `${canary}@x.example`,
  }),
  Address: (_path, { canary }) => ({
    use: 'work',
    line: [`${canary} street`],
    city: `${canary} city`,
    state: `${canary} state`,
    postalCode: `${canary} code`,
    country: `${canary} land`,
  }),
};

function primitiveOf(type: string, path: string, { canary, number }: FillOptions): unknown {
  const month = `2024-0${1 + (number % 9)}`;
  switch (type) {
    case 'boolean':
      return number % 2 === 0;
    case 'integer':
    case 'positiveInt':
    case 'unsignedInt':
      return 1 + (number % 5);
    case 'decimal':
      return 5.4;
    case 'date':
      return `${month}-03`;
    case 'dateTime':
    case 'instant':
      return `${month}-03T10:00:00Z`;
    case 'time':
      return '10:00:00';
    case 'base64Binary':
      return Buffer.from(`${canary} bytes`).toString('base64');
    case 'code':
      return codeAt(path, number);
    case 'uri':
    case 'url':
    case 'canonical':
    case 'oid':
    case 'uuid':
      return `urn:${canary}:${path.split('.').at(-1)}`;
    default:
      return `${canary} ${path.split('.').at(-1)}`;
  }
}

/** Codes that DSTU2 has too. It would hide resources with other codes. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  'AllergyIntolerance.type': ['allergy', 'intolerance'],
  'AllergyIntolerance.criticality': ['low', 'high'],
  'AllergyIntolerance.reaction.severity': ['mild', 'severe'],
  'ServiceRequest.priority': ['routine', 'urgent', 'stat'],
};

function codeAt(path: string, number: number): string {
  const [type = '', ...rest] = path.split('.');
  const name = rest.join('.');
  if (name === 'status') return STATUS[type] ?? 'active';
  if (name === 'category') return CATEGORIES[type]?.[number % 2] ?? 'c0';
  if (path === 'Location.mode') return 'instance';
  if (name === 'lifecycleStatus') return 'active';
  if (name === 'intent') return 'order';
  const known = CODES[path];
  if (known !== undefined) return known[number % known.length] ?? '';
  if (name === 'gender') return number % 2 === 0 ? 'female' : 'male';
  return `c${number % 3}`;
}
