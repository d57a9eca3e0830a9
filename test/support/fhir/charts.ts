// Generates resources with every kind of value that the search index supports, and some that it must ignore.
import fc from 'fast-check';
import type { Resource } from '../../../src/fhir/index.ts';

const year = fc.integer({ min: 1930, max: 2026 });
const two = (number: number): string => String(number).padStart(2, '0');

/** A date of any precision, with or without a time zone (FHIR R4 §2.24.0.1). */
export const fhirDate: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('year', 'month', 'day', 'second', 'milli'),
    year,
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom('Z', '+02:00', '-05:00', '+05:45'),
  )
  .map(([precision, y, m, d, hour, minute, zone]) => {
    const day = `${y}-${two(m)}-${two(d)}`;
    if (precision === 'year') return String(y);
    if (precision === 'month') return `${y}-${two(m)}`;
    if (precision === 'day') return day;
    return `${day}T${two(hour)}:${two(minute)}:${two(minute)}${precision === 'milli' ? `.${two(minute)}5` : ''}${zone}`;
  });

const period = fc
  .tuple(fhirDate, fc.integer({ min: 0, max: 3 }), fc.constantFrom('both', 'start', 'end'))
  .map(([start, years, which]) => {
    const end = String(Number(start.slice(0, 4)) + years + 1);
    if (which === 'start') return { start };
    return which === 'end' ? { end } : { start, end };
  });

const SYSTEMS = ['http://loinc.org', 'http://snomed.info/sct', 'urn:oid:1.2.3'];
const CODES = ['laboratory', 'LAB', 'lab', '8480-6', 'a|b', 'x,y', 'vital-signs'];
export const coding = fc.record(
  { system: fc.constantFrom(...SYSTEMS), code: fc.constantFrom(...CODES), display: fc.constant('Display') },
  { requiredKeys: [] },
);
const concept = fc.record(
  { coding: fc.array(coding, { maxLength: 3 }), text: fc.constant('text') },
  { requiredKeys: [] },
);

const bodies: Readonly<Record<string, fc.Arbitrary<object>>> = {
  Observation: fc.record(
    {
      status: fc.constantFrom('final', 'preliminary', 'amended'),
      category: fc.array(concept, { minLength: 1, maxLength: 2 }),
      code: concept,
      issued: fhirDate,
      effective: fc.oneof(
        fhirDate.map((effectiveDateTime) => ({ effectiveDateTime })),
        period.map((effectivePeriod) => ({ effectivePeriod })),
        fc.array(fhirDate, { minLength: 1, maxLength: 3 }).map((event) => ({ effectiveTiming: { event } })),
        fc.constant({}),
      ),
    },
    { requiredKeys: ['status', 'code', 'effective'] },
  ),
  Condition: fc.record(
    {
      clinicalStatus: concept,
      verificationStatus: concept,
      category: fc.array(concept, { maxLength: 2 }),
      code: concept,
      recordedDate: fhirDate,
      onset: fc.oneof(
        fhirDate.map((onsetDateTime) => ({ onsetDateTime })),
        period.map((onsetPeriod) => ({ onsetPeriod })),
        fc.constant({ onsetString: 'as a child' }),
      ),
      abatementDateTime: fhirDate,
    },
    { requiredKeys: ['onset'] },
  ),
  AllergyIntolerance: fc.record(
    {
      clinicalStatus: concept,
      category: fc.array(fc.constantFrom('food', 'medication'), { maxLength: 2 }),
      criticality: fc.constantFrom('low', 'high'),
      type: fc.constantFrom('allergy', 'intolerance'),
      code: concept,
      recordedDate: fhirDate,
      lastOccurrence: fhirDate,
      reaction: fc.array(fc.record({ substance: concept, onset: fhirDate }, { requiredKeys: [] }), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
  MedicationRequest: fc.record(
    {
      status: fc.constantFrom('active', 'stopped'),
      intent: fc.constantFrom('order', 'plan'),
      category: fc.array(concept, { maxLength: 1 }),
      medicationCodeableConcept: concept,
      authoredOn: fhirDate,
    },
    { requiredKeys: ['status', 'intent'] },
  ),
  Encounter: fc.record(
    {
      status: fc.constantFrom('finished', 'in-progress'),
      class: coding,
      type: fc.array(concept, { maxLength: 2 }),
      period,
    },
    { requiredKeys: ['status'] },
  ),
  Immunization: fc.record(
    { status: fc.constantFrom('completed', 'not-done'), vaccineCode: concept, occurrenceDateTime: fhirDate },
    { requiredKeys: ['status', 'vaccineCode'] },
  ),
  DocumentReference: fc.record(
    {
      status: fc.constantFrom('current', 'superseded'),
      category: fc.array(concept, { maxLength: 2 }),
      type: concept,
      date: fhirDate,
      context: period.map((value) => ({ period: value })),
    },
    { requiredKeys: ['status'] },
  ),
};

const ABOUT: Readonly<Record<string, string>> = { AllergyIntolerance: 'patient', Immunization: 'patient' };

/** Generates a resource of a type, about a patient. */
export const arbitraryResource = (type: string, patientId: string): fc.Arbitrary<Resource & { readonly id: string }> =>
  fc.tuple(fc.uuid(), bodies[type] ?? fc.constant({})).map(([id, body]) => {
    const { effective, onset, ...rest } = body as Record<string, unknown>;
    const subject = { [ABOUT[type] ?? 'subject']: { reference: `Patient/${patientId}` } };
    return { resourceType: type, id, ...subject, ...rest, ...Object(effective), ...Object(onset) };
  });

export const CLINICAL_TYPES: readonly string[] = Object.keys(bodies);

export const patient = (id: string, family: string): Resource => ({
  resourceType: 'Patient',
  id,
  name: [{ family, given: ['Ann'] }],
  gender: 'female',
  birthDate: '1980-02-29',
  identifier: [{ system: 'urn:mrn', value: `MRN-${family}` }],
});
