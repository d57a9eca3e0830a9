import type { DateTest, RowCondition } from '../model/condition.ts';
import type { TimeRange } from '../model/time-range.ts';
import { invalidSearch } from './values/search-value.ts';

/** Date parameters that say when the care described by a resource took place. */
interface CareTimeParameters {
  /** In order of preference: the first one with a value counts. */
  readonly dates: readonly string[];
  /** Parameter with the end. Without a value, the care is ongoing. */
  readonly end?: string;
}

/**
 * The main date of each stored type, as far as it can be searched. Types that are missing here, such as Patient,
 * AllergyIntolerance and Coverage, describe no care at a certain time.
 */
export const CARE_TIMES: Readonly<Record<string, CareTimeParameters>> = {
  Appointment: { dates: ['date'] },
  CarePlan: { dates: ['date'] },
  CareTeam: { dates: ['date'] },
  Condition: { dates: ['onset-date', 'recorded-date'], end: 'abatement-date' },
  DiagnosticReport: { dates: ['date', 'issued'] },
  DocumentReference: { dates: ['date', 'period'] },
  Encounter: { dates: ['date'] },
  ExplanationOfBenefit: { dates: ['created'] },
  Goal: { dates: ['start-date'] },
  Immunization: { dates: ['date'] },
  Media: { dates: ['created'] },
  MedicationAdministration: { dates: ['effective-time'] },
  MedicationDispense: { dates: ['whenhandedover', 'whenprepared'] },
  MedicationRequest: { dates: ['authoredon'] },
  MedicationStatement: { dates: ['effective'] },
  Observation: { dates: ['date'] },
  Procedure: { dates: ['date'] },
  Provenance: { dates: ['recorded'] },
  QuestionnaireResponse: { dates: ['authored'] },
  ServiceRequest: { dates: ['authored', 'occurrence'] },
  Specimen: { dates: ['collected'] },
};

/** A period of care that includes `start` and `end`. An undefined boundary is open. */
export interface CarePeriod {
  readonly start: TimeRange | undefined;
  readonly end: TimeRange | undefined;
}

/** Rejects a period that ends before it starts: only resources without a date would match it. @throws Problem 400 */
export function requireOrderedPeriod({ start, end }: CarePeriod): void {
  if (start === undefined || end === undefined || start.low < end.high) return;
  throw invalidSearch('The parameter start is after end: there is no such time.');
}

/** Matches resources whose time overlaps the period. Those without a date match too, as they could be in it. */
export function careTimeConditions(type: string, { start, end }: CarePeriod): readonly RowCondition[] {
  const time = CARE_TIMES[type];
  if (time === undefined) return [];
  const { dates, end: until } = time;
  return [
    ...(start === undefined
      ? []
      : [firstDateCondition(until === undefined ? dates : [until], { ...start, prefix: 'ge' })]),
    ...(end === undefined ? [] : [firstDateCondition(dates, { ...end, prefix: 'le' })]),
  ];
}

/** Matches if the first date with a value passes the test, or if no date has a value. */
const firstDateCondition = (names: readonly string[], test: DateTest): RowCondition => ({
  kind: 'any',
  of: [
    ...names.map((index, place): RowCondition => {
      const missing = names.slice(0, place).map(missingDate);
      return { kind: 'all', of: [...missing, { kind: 'date', index, values: [test] }] };
    }),
    { kind: 'all', of: names.map(missingDate) },
  ],
});

const missingDate = (index: string): RowCondition => ({ kind: 'not', of: { kind: 'present', of: 'date', index } });
