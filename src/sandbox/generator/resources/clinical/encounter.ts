import { codeableConcept, coding, profileMeta } from '../../../codes/coding.ts';
import { type ConditionKey, conditionConcept } from '../../../codes/conditions.ts';
import { visitKind } from '../../../codes/visits.ts';
import { LOCATIONS } from '../../../directory/organizations.ts';
import {
  addDays,
  addMinutes,
  atHour,
  longDate,
  toFhirDate,
  toFhirDateTime,
  type YearsAgo,
  yearsBetween,
} from '../../../scenarios/calendar.ts';
import { VISIT_TOLERANCE, type VisitPlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { encounterInterpreter } from '../administrative/patient-extensions.ts';
import { narrative } from '../narrative.ts';

/** Returns all visits in chronological order, without any before birth or after death. */
export function scheduleVisits(chart: RecordBuilder): readonly ScheduledVisit[] {
  const { visits, persona, epoch } = chart.scenario;
  const dice = chart.random.fork('visits');
  return visits
    .filter((plan) => plan.at < persona.age && plan.at >= (persona.died ?? 0))
    .map((plan) => scheduleVisit(chart, plan, dice.integer(0, 15)))
    .filter((visit) => visit.end <= epoch && visit.start > chart.dateAt(persona.age))
    .sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** `quarter` counts quarter hours after the first slot of the day. Emergencies and dialysis ignore office hours. */
function scheduleVisit(chart: RecordBuilder, plan: VisitPlan, quarter: number): ScheduledVisit {
  const kind = visitKind(plan.kind);
  const always = plan.kind === 'emergency' || plan.kind === 'hospital';
  const hour = plan.kind === 'dialysis' ? 6.5 : (always ? 15 : 8) + quarter / 4 + (quarter > 11 && !always ? 1 : 0);
  const start = atHour(chart.dateAt(plan.at), hour, !always && plan.kind !== 'dialysis');
  const end = plan.days === undefined ? addMinutes(start, kind.minutes) : addDays(atHour(start, 11, false), plan.days);
  const key = `${plan.kind} ${toFhirDate(start)}`;
  const ago: YearsAgo = yearsBetween(start, chart.scenario.epoch);
  return { key, plan, start, end, ago, encounter: chart.referenceTo('Encounter', key) };
}

/**
 * Returns the conditions treated at a visit: those that begin with the visit, and those of its planned reasons that had
 * begun by the time of the visit.
 */
export function visitReasons(chart: RecordBuilder, visit: ScheduledVisit): readonly ConditionKey[] {
  const begun = (visit.plan.reasons ?? []).filter((key) =>
    chart.scenario.problems.some((problem) => problem.key === key && problem.onset >= visit.ago - VISIT_TOLERANCE),
  );
  return [...(visit.plan.acute ?? []), ...begun];
}

export function addEncounter(
  chart: RecordBuilder,
  visit: ScheduledVisit,
  diagnoses: readonly { reference: string }[],
): void {
  const { plan, start, end } = visit;
  const kind = visitKind(plan.kind);
  const location = LOCATIONS[kind.location];
  const reasons = visitReasons(chart, visit);
  const period = { start: toFhirDateTime(start), end: toFhirDateTime(end) };
  chart.add(
    'Encounter',
    visit.key,
    {
      meta: profileMeta('us-core-encounter'),
      text: narrative(`${kind.type.text}, ${longDate(start)}, ${chart.directory.practitioner(plan.by).display}`),
      ...encounterInterpreter(chart.scenario.persona),
      identifier: [
        {
          use: 'official',
          system: 'https://sandbox.example.org/visit',
          value: `V${toFhirDate(start).replaceAll('-', '')}-${plan.kind}`,
        },
      ],
      status: 'finished',
      class: kind.class,
      type: [kind.type],
      subject: chart.subject,
      participant: [
        {
          type: [codeableConcept('participation', 'PPRF', 'primary performer')],
          period,
          individual: chart.directory.practitioner(plan.by),
        },
      ],
      period,
      ...(reasons.length === 0 ? {} : { reasonCode: reasons.map(conditionConcept) }),
      ...(diagnoses.length === 0
        ? {}
        : { reasonReference: [...diagnoses.slice(0, 1), ...problemListReference(chart, reasons[0])] }),
      ...(diagnoses.length === 0
        ? {}
        : { diagnosis: diagnoses.map((condition, index) => diagnosis(condition, index, plan)) }),
      ...(kind.class.code === 'IMP' ? { hospitalization: { dischargeDisposition: disposition(plan) } } : {}),
      location: [{ location: chart.directory.location(kind.location) }],
      serviceProvider: chart.directory.organization(location.organizationKey),
    },
    visit,
  );
}

/** References the problem list entry of a reason, if there is one. */
const problemListReference = (chart: RecordBuilder, key: ConditionKey | undefined) =>
  chart.scenario.problems.some((problem) => problem.key === key)
    ? [chart.referenceTo('Condition', `problem ${key}`)]
    : [];

const diagnosis = (condition: { reference: string }, index: number, plan: VisitPlan) => ({
  condition,
  use: {
    coding: [
      plan.kind === 'hospital'
        ? coding('diagnosisRole', 'DD', 'Discharge diagnosis')
        : coding('diagnosisRole', 'billing', 'Billing'),
    ],
  },
  rank: index + 1,
});

const disposition = (plan: VisitPlan) =>
  plan.died === true
    ? codeableConcept('dischargeDisposition', 'exp', 'Expired')
    : codeableConcept('dischargeDisposition', 'home', 'Home');
