import { codeableConcept, coding, profileMeta } from '../../../codes/coding.ts';
import { conditionConcept } from '../../../codes/conditions.ts';
import { goal } from '../../../codes/goals.ts';
import type { SandboxReference } from '../../../directory/directory.ts';
import { addDays, toFhirDate } from '../../../scenarios/calendar.ts';
import { activeProblems, type GoalPlan } from '../../../scenarios/scenario.ts';
import type { RecordBuilder } from '../../record-builder.ts';
import { escapeXml } from '../narrative.ts';

const ASSESSMENT = { coding: [coding('carePlanCategory', 'assess-plan', 'Assessment and Plan of Treatment')] };

/** Adds a care plan with its goals, if the patient has active problems. */
export function addCarePlan(chart: RecordBuilder, careTeam: SandboxReference | undefined): void {
  const { goals, persona } = chart.scenario;
  const problems = activeProblems(chart.scenario, 0);
  const references = goals.map((plan) => addGoal(chart, plan));
  if (problems.length === 0 || careTeam === undefined || persona.died !== undefined) return;
  const names = problems.map(({ key }) => conditionConcept(key).text);
  const aims = goals.map((plan) => goal(plan.goal).text);
  chart.add('CarePlan', 'care plan', {
    meta: profileMeta('us-core-careplan'),
    text: { status: 'additional', div: narrative(names, aims) },
    status: 'active',
    intent: 'plan',
    category: [ASSESSMENT],
    title: 'Plan of treatment',
    subject: chart.subject,
    period: { start: toFhirDate(addDays(chart.scenario.epoch, -120)) },
    created: toFhirDate(addDays(chart.scenario.epoch, -120)),
    author: chart.directory.practitioner(persona.doctor),
    contributor: [chart.directory.practitioner(persona.doctor)],
    careTeam: [careTeam],
    addresses: problems.map(({ key }) => chart.referenceTo('Condition', `problem ${key}`)),
    ...(references.length === 0 ? {} : { goal: references }),
  });
}

const narrative = (problems: readonly string[], aims: readonly string[]): string =>
  `<div xmlns="http://www.w3.org/1999/xhtml"><p>Looked after: ${escapeXml(problems.join(', '))}.</p>${
    aims.length === 0 ? '' : `<ul>${aims.map((aim) => `<li>${escapeXml(aim)}</li>`).join('')}</ul>`
  }</div>`;

function addGoal(chart: RecordBuilder, { goal: key, from, for: problem, reached }: GoalPlan): SandboxReference {
  const { text, measure, detail } = goal(key);
  return chart.add('Goal', `goal ${key}`, {
    meta: profileMeta('us-core-goal'),
    lifecycleStatus: reached === true ? 'completed' : 'active',
    achievementStatus:
      reached === true
        ? codeableConcept('goalAchievement', 'achieved', 'Achieved')
        : codeableConcept('goalAchievement', 'in-progress', 'In Progress'),
    description: { text },
    subject: chart.subject,
    startDate: toFhirDate(chart.dateAt(from)),
    target: [{ measure, ...detail, dueDate: toFhirDate(addDays(chart.dateAt(from), 365)) }],
    expressedBy: chart.directory.practitioner(chart.scenario.persona.doctor),
    ...(problem === undefined ? {} : { addresses: [chart.referenceTo('Condition', `problem ${problem}`)] }),
  });
}
