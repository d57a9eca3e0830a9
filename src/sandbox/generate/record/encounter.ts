import {
  addDays,
  addMinutes,
  atHour,
  dateText,
  spokenDate,
  timeText,
  type YearsAgo,
  yearsBetween,
} from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding, conceptOf, profiled } from '../codes/coding.ts';
import { type ConditionKey, conditionConcept } from '../codes/conditions.ts';
import { visitKind } from '../codes/visits.ts';
import { LOCATIONS } from '../directory/places.ts';
import { SOON, type VisitPlan } from '../life.ts';
import { narrative } from './narrative.ts';
import { interpreterNeeded } from './person-extensions.ts';

/** All visits in chronological order, none before birth or after death. */
export function scheduleVisits(chart: Chart): readonly Visit[] {
  const { visits, persona, epoch } = chart.life;
  const dice = chart.dice.fork('visits');
  return visits
    .filter((plan) => plan.at < persona.age && plan.at >= (persona.died ?? 0))
    .map((plan) => scheduled(chart, plan, dice.whole(0, 15)))
    .filter((visit) => visit.end <= epoch && visit.start > chart.moment(persona.age))
    .sort((a, b) => a.start.getTime() - b.start.getTime());
}

/** `quarter` counts quarter hours after the first slot of the day. Emergencies and dialysis ignore office hours. */
function scheduled(chart: Chart, plan: VisitPlan, quarter: number): Visit {
  const kind = visitKind(plan.kind);
  const always = plan.kind === 'emergency' || plan.kind === 'hospital';
  const hour = plan.kind === 'dialysis' ? 6.5 : (always ? 15 : 8) + quarter / 4 + (quarter > 11 && !always ? 1 : 0);
  const start = atHour(chart.moment(plan.at), hour, !always && plan.kind !== 'dialysis');
  const end = plan.days === undefined ? addMinutes(start, kind.minutes) : addDays(atHour(start, 11, false), plan.days);
  const key = `${plan.kind} ${dateText(start)}`;
  const ago: YearsAgo = yearsBetween(start, chart.life.epoch);
  return { key, plan, start, end, ago, encounter: chart.pointer('Encounter', key) };
}

/** Conditions treated at a visit: the acute ones and those that had begun by then. */
export function reasonsOf(chart: Chart, visit: Visit): readonly ConditionKey[] {
  const begun = (visit.plan.reasons ?? []).filter((key) =>
    chart.life.problems.some((problem) => problem.key === key && problem.onset >= visit.ago - SOON),
  );
  return [...(visit.plan.acute ?? []), ...begun];
}

export function recordEncounter(chart: Chart, visit: Visit, diagnoses: readonly { reference: string }[]): void {
  const { plan, start, end } = visit;
  const kind = visitKind(plan.kind);
  const place = LOCATIONS[kind.place];
  const reasons = reasonsOf(chart, visit);
  const period = { start: timeText(start), end: timeText(end) };
  chart.add(
    'Encounter',
    visit.key,
    {
      meta: profiled('us-core-encounter'),
      text: narrative(`${kind.type.text}, ${spokenDate(start)}, ${chart.directory.practitioner(plan.by).display}`),
      ...interpreterNeeded(chart.life.persona),
      identifier: [
        {
          use: 'official',
          system: 'https://sandbox.example.org/visit',
          value: `V${dateText(start).replaceAll('-', '')}-${plan.kind}`,
        },
      ],
      status: 'finished',
      class: kind.class,
      type: [kind.type],
      subject: chart.subject,
      participant: [
        {
          type: [conceptOf('participation', 'PPRF', 'primary performer')],
          period,
          individual: chart.directory.practitioner(plan.by),
        },
      ],
      period,
      ...(reasons.length === 0 ? {} : { reasonCode: reasons.map(conditionConcept) }),
      ...(diagnoses.length === 0 ? {} : { reasonReference: [...diagnoses.slice(0, 1), ...listed(chart, reasons[0])] }),
      ...(diagnoses.length === 0
        ? {}
        : { diagnosis: diagnoses.map((condition, index) => diagnosis(condition, index, plan)) }),
      ...(kind.class.code === 'IMP' ? { hospitalization: { dischargeDisposition: disposition(plan) } } : {}),
      location: [{ location: chart.directory.location(kind.place) }],
      serviceProvider: chart.directory.organization(place.of),
    },
    visit,
  );
}

/** References the problem list entry of a reason, if there is one. */
const listed = (chart: Chart, key: ConditionKey | undefined) =>
  chart.life.problems.some((problem) => problem.key === key) ? [chart.pointer('Condition', `problem ${key}`)] : [];

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
    ? conceptOf('dischargeDisposition', 'exp', 'Expired')
    : conceptOf('dischargeDisposition', 'home', 'Home');
