import { coding, profileMeta, type SandboxCoding } from '../../../codes/coding.ts';
import { type ConditionKey, conditionConcept } from '../../../codes/conditions.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addDays, toFhirDate, toFhirDateTime } from '../../../scenarios/calendar.ts';
import { type ProblemPlan, VISIT_TOLERANCE } from '../../../scenarios/scenario.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import { securityLabels } from '../security-labels.ts';
import { visitReasons } from './encounter.ts';

const clinical = (code: 'active' | 'resolved' | 'inactive') => ({
  coding: [coding('conditionClinical', code, `${code[0]?.toUpperCase()}${code.slice(1)}`)],
});
const CONFIRMED = { coding: [coding('conditionVerification', 'confirmed', 'Confirmed')] };

const category = (given: SandboxCoding) => ({ coding: [given], text: given.display });
const PROBLEM = category(coding('conditionCategory', 'problem-list-item', 'Problem List Item'));
const DIAGNOSIS = category(coding('conditionCategory', 'encounter-diagnosis', 'Encounter Diagnosis'));
const CONCERN = category(coding('usCoreConditionCategory', 'health-concern', 'Health Concern'));
const SOCIAL = category(coding('usCoreCategory', 'sdoh', 'SDOH'));

/** Adds the problem list and the health concerns. These Conditions don't belong to a single visit. */
export function addProblems(chart: RecordBuilder, visits: readonly ScheduledVisit[]): void {
  for (const problem of chart.scenario.problems) {
    const found = visits.find((visit) => visit.ago <= problem.onset + VISIT_TOLERANCE);
    const onset = earlier(chart.dateAt(problem.onset), found?.start);
    const recorded = found?.start ?? onset;
    chart.add(
      'Condition',
      `problem ${problem.key}`,
      {
        meta: { ...profileMeta('us-core-condition-problems-health-concerns'), ...securityLabels(chart, problem.key) },
        extension: [asserted(recorded)],
        clinicalStatus: clinical(clinicalStatusCode(problem)),
        verificationStatus: CONFIRMED,
        category: problem.concern === true ? [CONCERN, SOCIAL] : [PROBLEM],
        code: conditionConcept(problem.key),
        subject: chart.subject,
        ...(found === undefined ? {} : { encounter: found.encounter }),
        onsetDateTime: toFhirDate(onset),
        ...(problem.resolved === undefined ? {} : { abatementDateTime: toFhirDate(chart.dateAt(problem.resolved)) }),
        recordedDate: toFhirDate(recorded),
        recorder: chart.directory.practitioner(found?.plan.by ?? chart.scenario.persona.doctor),
      },
      found,
    );
  }
}

/**
 * Returns the reason for an order or procedure: the condition's code and, if the condition is on the problem list, a
 * reference to it.
 */
export function orderReason(chart: RecordBuilder, key: ConditionKey | undefined): object {
  if (key === undefined) return {};
  const listed = chart.scenario.problems.some((problem) => problem.key === key);
  const reasonReference = [chart.referenceTo('Condition', `problem ${key}`)];
  return { reasonCode: [conditionConcept(key)], ...(listed ? { reasonReference } : {}) };
}

const asserted = (when: Date) => ({
  url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate',
  valueDateTime: toFhirDate(when),
});

const earlier = (one: Date, other: Date | undefined): Date => (other !== undefined && other < one ? other : one);

const clinicalStatusCode = (problem: ProblemPlan) =>
  problem.inactive === true ? 'inactive' : problem.resolved === undefined ? 'active' : 'resolved';

/** Adds one encounter diagnosis for each condition treated at a visit. Checkups and dialysis sessions have none. */
export function addDiagnoses(chart: RecordBuilder, visit: ScheduledVisit): readonly SandboxReference[] {
  if (['checkup', 'wellChild', 'dialysis', 'prenatal'].includes(visit.plan.kind) && visit.plan.acute === undefined)
    return [];
  return visitReasons(chart, visit).map((key) => addDiagnosis(chart, visit, key));
}

function addDiagnosis(chart: RecordBuilder, visit: ScheduledVisit, key: ConditionKey): SandboxReference {
  const problem = chart.scenario.problems.find((each) => each.key === key);
  const acute = visit.plan.acute?.includes(key) === true;
  const well = addDays(visit.start, visit.plan.acuteDays ?? 10);
  const isResolved = acute ? well <= chart.scenario.epoch : problem?.resolved !== undefined;
  const end = acute ? well : chart.dateAt(problem?.resolved ?? 0);
  const onset = acute ? addDays(visit.start, -2) : earlier(chart.dateAt(problem?.onset ?? visit.ago), visit.start);
  return chart.add(
    'Condition',
    `diagnosis ${key} ${visit.key}`,
    {
      meta: { ...profileMeta('us-core-condition-encounter-diagnosis'), ...securityLabels(chart, key) },
      extension: [asserted(visit.start)],
      clinicalStatus: clinical(isResolved ? 'resolved' : problem?.inactive === true ? 'inactive' : 'active'),
      verificationStatus: CONFIRMED,
      category: [DIAGNOSIS],
      code: conditionConcept(key),
      subject: chart.subject,
      encounter: visit.encounter,
      onsetDateTime: toFhirDate(onset),
      ...(isResolved ? { abatementDateTime: toFhirDate(end) } : {}),
      recordedDate: toFhirDateTime(visit.start),
      recorder: chart.directory.practitioner(visit.plan.by),
    },
    visit,
  );
}
