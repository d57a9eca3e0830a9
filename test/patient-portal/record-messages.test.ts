import { describe, expect, it } from 'vitest';
import generated from '../../src/fhir/r4/generated/value-sets.json' with { type: 'json' };
import { getMessages } from '../../src/i18n/index.ts';

const HL7 = 'http://terminology.hl7.org/CodeSystem';
/** Code system or value set of the status of each type, from R4's StructureDefinitions. */
const STATUS: Readonly<Record<string, string>> = {
  Appointment: 'http://hl7.org/fhir/appointmentstatus',
  CarePlan: 'http://hl7.org/fhir/request-status',
  CareTeam: 'http://hl7.org/fhir/care-team-status',
  Coverage: 'http://hl7.org/fhir/fm-status',
  Device: 'http://hl7.org/fhir/device-status',
  DiagnosticReport: 'http://hl7.org/fhir/diagnostic-report-status',
  DocumentReference: 'http://hl7.org/fhir/document-reference-status',
  Encounter: 'http://hl7.org/fhir/encounter-status',
  ExplanationOfBenefit: 'http://hl7.org/fhir/explanationofbenefit-status',
  FamilyMemberHistory: 'http://hl7.org/fhir/history-status',
  Goal: 'http://hl7.org/fhir/goal-status',
  Media: 'http://hl7.org/fhir/event-status',
  MedicationAdministration: `${HL7}/medication-admin-status`,
  MedicationDispense: `${HL7}/medicationdispense-status`,
  MedicationRequest: 'http://hl7.org/fhir/CodeSystem/medicationrequest-status',
  MedicationStatement: 'http://hl7.org/fhir/CodeSystem/medication-statement-status',
  Procedure: 'http://hl7.org/fhir/event-status',
  QuestionnaireResponse: 'http://hl7.org/fhir/questionnaire-answers-status',
  ServiceRequest: 'http://hl7.org/fhir/request-status',
  Specimen: 'http://hl7.org/fhir/specimen-status',
};

interface System {
  readonly concept: readonly Concept[];
}
interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}
const codesIn = (concepts: readonly Concept[]): readonly string[] =>
  concepts.flatMap(({ code, concept = [] }) => [code, ...codesIn(concept)]);
const codesOf = (url: string): readonly string[] =>
  codesIn((generated.codeSystems as Readonly<Record<string, System>>)[url]?.concept ?? []);

describe.each(['en', 'es'] as const)('messages of the record in %s', (language) => {
  const { patientRecord } = getMessages(language).patientPortal;

  it.each(Object.entries(STATUS))('include every status of %s', (type, system) => {
    const codes = codesOf(system);
    expect(codes.length).toBeGreaterThan(2);
    const known = { ...patientRecord.statuses, ...patientRecord.statusesByType[type] };
    expect(codes.filter((code) => known[code] === undefined)).toEqual([]);
  });

  it.each([
    ['urgencies', 'http://hl7.org/fhir/request-priority'],
    ['relations', `${HL7}/subscriber-relationship`],
    ['progress', `${HL7}/goal-achievement`],
  ] as const)('include every code of %s', (table, system) => {
    const codes = codesOf(system);
    expect(codes.length).toBeGreaterThan(2);
    expect(codes.filter((code) => patientRecord[table][code] === undefined)).toEqual([]);
  });
});

describe('Spanish messages', () => {
  it('include every code that English messages have', () => {
    const [en, es] = [getMessages('en').patientPortal.patientRecord, getMessages('es').patientPortal.patientRecord];
    const missing = Object.entries(en).flatMap(([name, table]) =>
      typeof table === 'object'
        ? Object.keys(table).filter((key) => !Object.hasOwn(Object(es[name as keyof typeof es]), key))
        : [],
    );
    expect(missing).toEqual([]);
  });
});
