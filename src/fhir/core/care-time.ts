import type { Condition, DateTest } from './condition.ts';
import { invalid } from './search-value.ts';
import type { Span } from './span.ts';

/** Date parameters that say when the care described by a resource took place. */
interface CareTime {
  /** In order of preference: the first one with a value counts. */
  readonly at: readonly string[];
  /** Parameter with the end. Without a value, the care is ongoing. */
  readonly until?: string;
}

/**
 * The main date of each stored type, as far as it can be searched. Types that are missing here, such as Patient,
 * AllergyIntolerance and Coverage, describe no care at a certain time.
 */
export const CARE_TIMES: Readonly<Record<string, CareTime>> = {
  Appointment: { at: ['date'] },
  CarePlan: { at: ['date'] },
  CareTeam: { at: ['date'] },
  Condition: { at: ['onset-date', 'recorded-date'], until: 'abatement-date' },
  DiagnosticReport: { at: ['date', 'issued'] },
  DocumentReference: { at: ['date', 'period'] },
  Encounter: { at: ['date'] },
  ExplanationOfBenefit: { at: ['created'] },
  Goal: { at: ['start-date'] },
  Immunization: { at: ['date'] },
  Media: { at: ['created'] },
  MedicationAdministration: { at: ['effective-time'] },
  MedicationDispense: { at: ['whenhandedover', 'whenprepared'] },
  MedicationRequest: { at: ['authoredon'] },
  MedicationStatement: { at: ['effective'] },
  Observation: { at: ['date'] },
  Procedure: { at: ['date'] },
  Provenance: { at: ['recorded'] },
  QuestionnaireResponse: { at: ['authored'] },
  ServiceRequest: { at: ['authored', 'occurrence'] },
  Specimen: { at: ['collected'] },
};

/** A period of care that includes `start` and `end`. An undefined boundary is open. */
export interface CareSpan {
  readonly start: Span | undefined;
  readonly end: Span | undefined;
}

/** Rejects a period that ends before it starts: only resources without a date would match it. @throws Problem 400 */
export function requireOrder({ start, end }: CareSpan): void {
  if (start === undefined || end === undefined || start.low < end.high) return;
  throw invalid('The parameter start is after end: there is no such time.');
}

/** Matches resources whose time overlaps the period. Those without a date match too, as they could be in it. */
export function withinCare(type: string, { start, end }: CareSpan): readonly Condition[] {
  const time = CARE_TIMES[type];
  if (time === undefined) return [];
  const { at, until } = time;
  return [
    ...(start === undefined ? [] : [firstOf(until === undefined ? at : [until], { ...start, prefix: 'ge' })]),
    ...(end === undefined ? [] : [firstOf(at, { ...end, prefix: 'le' })]),
  ];
}

/** Matches if the first date with a value passes the test, or if no date has a value. */
const firstOf = (names: readonly string[], test: DateTest): Condition => ({
  kind: 'any',
  of: [
    ...names.map((index, place): Condition => {
      const missing = names.slice(0, place).map(isMissing);
      return { kind: 'all', of: [...missing, { kind: 'date', index, values: [test] }] };
    }),
    { kind: 'all', of: names.map(isMissing) },
  ],
});

const isMissing = (index: string): Condition => ({ kind: 'not', of: { kind: 'present', of: 'date', index } });
