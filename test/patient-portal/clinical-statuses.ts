import type { Resource } from '../../src/fhir/index.ts';
import { r4 } from '../../src/fhir/index.ts';
import codes from '../../src/validation/generated/r4-codes.json' with { type: 'json' };
import profiles from '../../src/validation/generated/r4-profiles.json' with { type: 'json' };
import { subject } from './patients.ts';

const PROFILES = new Map(profiles.map((one) => [one.type, one]));

/** One value of an element that changes the meaning of a resource. */
export interface StatusCase {
  readonly type: string;
  /** The element as `Type.element`. */
  readonly name: string;
  readonly code: string;
  /** Name that every place displays for the resource. */
  readonly title: string;
  readonly resource: Resource;
}

const isStatus = (element: string): boolean => /status$/i.test(element) || ['intent', 'use'].includes(element);
const FLAGS = ['doNotPerform', 'isSubpotent'];

const DAY = '2026-01-02';
const text = (title: string) => ({ text: title });
const coded = (system: string, code: string) => ({ coding: [{ system, code }] });
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const medication = (title: string) => ({ subject, medicationCodeableConcept: text(title) });

/** A usual resource of each type, before it gets a status. */
const BASES: Readonly<Record<string, (title: string) => object>> = {
  AllergyIntolerance: (title) => ({
    patient: subject,
    code: text(title),
    clinicalStatus: coded(`${HL7}/allergyintolerance-clinical`, 'active'),
    verificationStatus: coded(`${HL7}/allergyintolerance-verification`, 'confirmed'),
  }),
  Appointment: (title) => ({
    status: 'booked',
    description: title,
    start: `${DAY}T09:00:00Z`,
    end: `${DAY}T09:30:00Z`,
    participant: [{ actor: subject, status: 'accepted' }],
  }),
  CarePlan: (title) => ({ status: 'active', intent: 'plan', subject, title }),
  CareTeam: (title) => ({ status: 'active', subject, name: title }),
  Condition: (title) => ({
    subject,
    code: text(title),
    category: [coded(`${HL7}/condition-category`, 'problem-list-item')],
    clinicalStatus: coded(`${HL7}/condition-clinical`, 'active'),
    verificationStatus: coded(`${HL7}/condition-ver-status`, 'confirmed'),
  }),
  Coverage: (title) => ({ status: 'active', beneficiary: subject, payor: [{ display: title }] }),
  Device: (title) => ({
    status: 'active',
    patient: subject,
    deviceName: [{ name: title, type: 'user-friendly-name' }],
  }),
  DiagnosticReport: (title) => ({
    status: 'final',
    subject,
    code: text(title),
    conclusion: 'Fine.',
    issued: `${DAY}T09:00:00Z`,
  }),
  DocumentReference: (title) => ({
    status: 'current',
    subject,
    type: text(title),
    category: [coded('http://loinc.org', '42348-3')],
    content: [{ attachment: { contentType: 'text/plain', data: 'YQ==' } }],
  }),
  Encounter: (title) => ({
    status: 'finished',
    subject,
    class: { system: `${HL7}/v3-ActCode`, code: 'AMB' },
    type: [text(title)],
  }),
  ExplanationOfBenefit: (title) => ({
    status: 'active',
    use: 'claim',
    outcome: 'complete',
    type: text('x'),
    patient: subject,
    created: DAY,
    insurer: { display: 'x' },
    provider: { display: title },
    insurance: [{ focal: true, coverage: { display: 'x' } }],
  }),
  FamilyMemberHistory: (title) => ({ status: 'completed', patient: subject, relationship: text(title) }),
  Goal: (title) => ({ lifecycleStatus: 'active', subject, description: text(title) }),
  Immunization: (title) => ({
    status: 'completed',
    patient: subject,
    vaccineCode: text(title),
    occurrenceDateTime: DAY,
  }),
  Media: (title) => ({
    status: 'completed',
    subject,
    createdDateTime: DAY,
    content: { contentType: 'text/plain', data: 'YQ==', title },
  }),
  MedicationAdministration: (title) => ({ status: 'completed', ...medication(title), effectiveDateTime: DAY }),
  MedicationDispense: (title) => ({ status: 'completed', ...medication(title) }),
  MedicationRequest: (title) => ({ status: 'active', intent: 'order', ...medication(title) }),
  MedicationStatement: (title) => ({ status: 'active', ...medication(title) }),
  Observation: (title) => ({
    status: 'final',
    subject,
    category: [coded(`${HL7}/observation-category`, 'laboratory')],
    code: text(title),
    effectiveDateTime: DAY,
    valueQuantity: { value: 5, unit: 'g' },
  }),
  Procedure: (title) => ({ status: 'completed', subject, code: text(title), performedDateTime: DAY }),
  QuestionnaireResponse: (title) => ({
    status: 'completed',
    subject,
    questionnaire: 'http://example.org/q',
    _questionnaire: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: title }] },
    item: [{ linkId: '1', text: title, answer: [{ valueString: 'x' }] }],
  }),
  ServiceRequest: (title) => ({ status: 'active', intent: 'order', subject, code: text(title) }),
  Specimen: (title) => ({ status: 'available', subject, type: text(title) }),
};

/**
 * Every code of every status that R4 defines for a type of the record. A Medication is displayed only through resources
 * that refer to it. FHIR R4, StructureDefinitions and value sets.
 */
const STATUSES: readonly StatusCase[] = r4.types
  .filter(({ name, compartment }) => compartment === 'record' && name !== 'Medication')
  .flatMap(({ name: type }) =>
    Object.entries(PROFILES.get(type)?.rule.children ?? {}).flatMap(([element, rule]) => {
      if (FLAGS.includes(element)) return [caseOf(type, element, 'true', { [element]: true })];
      const systems = isStatus(element) ? Object.entries(codes[rule.binding ?? ''] ?? {}) : [];
      const isConcept = rule.types?.[0]?.code === 'CodeableConcept';
      return systems.flatMap(([system, own]) =>
        own.map((code) => caseOf(type, element, code, { [element]: isConcept ? coded(system, code) : code })),
      );
    }),
  );

/** Cases that come from other elements than a status. */
const OTHERS: readonly StatusCase[] = [
  caseOf('Condition', 'code', 'family history', { code: coded('http://hl7.org/fhir/sid/icd-10-cm', 'Z80.3') }),
  caseOf('MedicationRequest', 'intent', 'plan, reported', { intent: 'plan', reportedBoolean: true }),
  caseOf('Observation', 'focus', 'another', { focus: [{ display: 'Fetus' }] }),
];

export const STATUS_CASES: readonly StatusCase[] = [...STATUSES, ...OTHERS];

function caseOf(type: string, element: string, code: string, changes: object): StatusCase {
  const id = `${type}-${element}-${code}`.toLowerCase().replaceAll(/[^a-z-]+/g, '-');
  const title = `Case ${id}.`;
  const base = BASES[type]?.(title) ?? {};
  const named = 'code' in changes ? { ...changes, code: { ...(changes.code as object), text: title } } : changes;
  return { type, name: `${type}.${element}`, code, title, resource: { resourceType: type, id, ...base, ...named } };
}
