import type { DateTest, RowCondition } from '../model/condition.ts';
import type { TimeRange } from '../model/time-range.ts';
import { invalidSearch } from './values/search-value.ts';

/** Date search parameters of a type that say when the care described by a resource took place. */
interface CareTimeParameters {
  /**
   * Parameters with the start or the only date of the care, in order of preference: the first one that a resource has a
   * value for counts.
   */
  readonly dates: readonly string[];
  /** Parameter with the date when the care ended. If a resource has no value for it, the care is ongoing. */
  readonly end?: string;
}

/**
 * The main date of each R4 type, by the names of its search parameters. Types that are missing here, such as Patient,
 * AllergyIntolerance and Coverage, don't describe care at a certain time.
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

/**
 * A requested period of care. It includes the days or times `start` and `end`. If one of them is undefined, the period
 * has no limit on that side.
 */
export interface CarePeriod {
  readonly start: TimeRange | undefined;
  readonly end: TimeRange | undefined;
}

/**
 * Rejects a period of care that ends before it starts, because only resources without a date would match it.
 * @throws Problem 400
 */
export function requireOrderedPeriod({ start, end }: CarePeriod): void {
  if (start === undefined || end === undefined || start.low < end.high) return;
  throw invalidSearch('The parameter start is after end.');
}

/**
 * Returns conditions that match resources whose date or period overlaps the period of care. Resources without a date
 * match too, because the care may have been in the period.
 */
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

/**
 * Matches resources whose preferred date meets `test`. The preferred date of a resource is the value of the first date
 * parameter in `names` that has one. Resources without any of the dates match too.
 */
const firstDateCondition = (names: readonly string[], test: DateTest): RowCondition => ({
  kind: 'any',
  of: [
    ...names.map((index, at): RowCondition => {
      const missing = names.slice(0, at).map(missingDate);
      return { kind: 'all', of: [...missing, { kind: 'date', index, values: [test] }] };
    }),
    { kind: 'all', of: names.map(missingDate) },
  ],
});

const missingDate = (index: string): RowCondition => ({ kind: 'not', of: { kind: 'present', of: 'date', index } });
