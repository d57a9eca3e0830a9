import type { Condition, DateTest } from './condition.ts';
import { invalid } from './search-value.ts';
import type { Span } from './span.ts';

/** When the care took place that something tells of, by date parameters of its type. */
interface CareTime {
  /** The best first: the first that a resource has counts. */
  readonly at: readonly string[];
  /** What tells that it is over: until then it goes on. */
  readonly until?: string;
}

/**
 * By stored type: its main date, as far as a search knows it. What is not here tells of no time of care: who somebody is,
 * what they do not tolerate, what pays for them.
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

/** From `start` on, up to `end`; either may be open. */
export interface CareSpan {
  readonly start: Span | undefined;
  readonly end: Span | undefined;
}

/** What would be found of a time that is none is what has no time: nobody means that. */
export function requireOrder({ start, end }: CareSpan): void {
  if (start === undefined || end === undefined || start.low < end.high) return;
  throw invalid('The parameter start is after end: there is no such time.');
}

/** That the time of a resource reaches into the span. One without a date is not left out: nobody knows that it is outside. */
export function withinCare(type: string, { start, end }: CareSpan): readonly Condition[] {
  const time = CARE_TIMES[type];
  if (time === undefined) return [];
  const { at, until } = time;
  return [
    ...(start === undefined ? [] : [firstOf(until === undefined ? at : [until], { ...start, prefix: 'ge' })]),
    ...(end === undefined ? [] : [firstOf(at, { ...end, prefix: 'le' })]),
  ];
}

/** The first date that is there passes the test, or none is there. */
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
