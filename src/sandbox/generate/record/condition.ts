import { addDays, dateText, timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { type Coding, coding, profiled } from '../codes/coding.ts';
import { type ConditionKey, conditionConcept } from '../codes/conditions.ts';
import type { Reference } from '../directory/directory.ts';
import { type Problem, SOON } from '../life.ts';
import { reasonsOf } from './encounter.ts';
import { labelsOf } from './sensitive.ts';

const clinical = (code: 'active' | 'resolved' | 'inactive') => ({
  coding: [coding('conditionClinical', code, `${code[0]?.toUpperCase()}${code.slice(1)}`)],
});
const CONFIRMED = { coding: [coding('conditionVerification', 'confirmed', 'Confirmed')] };

const category = (given: Coding) => ({ coding: [given], text: given.display });
const PROBLEM = category(coding('conditionCategory', 'problem-list-item', 'Problem List Item'));
const DIAGNOSIS = category(coding('conditionCategory', 'encounter-diagnosis', 'Encounter Diagnosis'));
const CONCERN = category(coding('usCoreConditionCategory', 'health-concern', 'Health Concern'));
const SOCIAL = category(coding('usCoreCategory', 'sdoh', 'SDOH'));

/** The problem list and the health concerns, independent of the visit at which they came up. */
export function recordProblems(chart: Chart, visits: readonly Visit[]): void {
  for (const problem of chart.life.problems) {
    const found = visits.find((visit) => visit.ago <= problem.onset + SOON);
    const onset = earlier(chart.moment(problem.onset), found?.start);
    const recorded = found?.start ?? onset;
    chart.add(
      'Condition',
      `problem ${problem.key}`,
      {
        meta: { ...profiled('us-core-condition-problems-health-concerns'), ...labelsOf(chart, problem.key) },
        extension: [asserted(recorded)],
        clinicalStatus: clinical(stateOf(problem)),
        verificationStatus: CONFIRMED,
        category: problem.concern === true ? [CONCERN, SOCIAL] : [PROBLEM],
        code: conditionConcept(problem.key),
        subject: chart.subject,
        ...(found === undefined ? {} : { encounter: found.encounter }),
        onsetDateTime: dateText(onset),
        ...(problem.resolved === undefined ? {} : { abatementDateTime: dateText(chart.moment(problem.resolved)) }),
        recordedDate: dateText(recorded),
        recorder: chart.directory.practitioner(found?.plan.by ?? chart.life.persona.doctor),
      },
      found,
    );
  }
}

/** Reason for an order or procedure: the condition's code, and a reference if it is on the problem list. */
export function reasonFor(chart: Chart, key: ConditionKey | undefined): object {
  if (key === undefined) return {};
  const listed = chart.life.problems.some((problem) => problem.key === key);
  const reasonReference = [chart.pointer('Condition', `problem ${key}`)];
  return { reasonCode: [conditionConcept(key)], ...(listed ? { reasonReference } : {}) };
}

const asserted = (when: Date) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
  valueDateTime: dateText(when),
});

const earlier = (one: Date, other: Date | undefined): Date => (other !== undefined && other < one ? other : one);

const stateOf = (problem: Problem) =>
  problem.inactive === true ? 'inactive' : problem.resolved === undefined ? 'active' : 'resolved';

/** One encounter diagnosis for each condition treated at a visit. Checkups and dialysis have none. */
export function recordDiagnoses(chart: Chart, visit: Visit): readonly Reference[] {
  if (['checkup', 'wellChild', 'dialysis', 'prenatal'].includes(visit.plan.kind) && visit.plan.acute === undefined)
    return [];
  return reasonsOf(chart, visit).map((key) => recordDiagnosis(chart, visit, key));
}

function recordDiagnosis(chart: Chart, visit: Visit, key: ConditionKey): Reference {
  const problem = chart.life.problems.find((each) => each.key === key);
  const acute = visit.plan.acute?.includes(key) === true;
  const well = addDays(visit.start, visit.plan.acuteDays ?? 10);
  const over = acute ? well <= chart.life.epoch : problem?.resolved !== undefined;
  const end = acute ? well : chart.moment(problem?.resolved ?? 0);
  const onset = acute ? addDays(visit.start, -2) : earlier(chart.moment(problem?.onset ?? visit.ago), visit.start);
  return chart.add(
    'Condition',
    `diagnosis ${key} ${visit.key}`,
    {
      meta: { ...profiled('us-core-condition-encounter-diagnosis'), ...labelsOf(chart, key) },
      extension: [asserted(visit.start)],
      clinicalStatus: clinical(over ? 'resolved' : problem?.inactive === true ? 'inactive' : 'active'),
      verificationStatus: CONFIRMED,
      category: [DIAGNOSIS],
      code: conditionConcept(key),
      subject: chart.subject,
      encounter: visit.encounter,
      onsetDateTime: dateText(onset),
      ...(over ? { abatementDateTime: dateText(end) } : {}),
      recordedDate: timeText(visit.start),
      recorder: chart.directory.practitioner(visit.plan.by),
    },
    visit,
  );
}
