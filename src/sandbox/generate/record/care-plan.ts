import { addDays, dateText } from '../calendar.ts';
import type { Chart } from '../chart.ts';
import { coding, conceptOf, profiled } from '../codes/coding.ts';
import { conditionConcept } from '../codes/conditions.ts';
import { goal } from '../codes/goals.ts';
import type { Reference } from '../directory/directory.ts';
import { activeProblems, type GoalPlan } from '../life.ts';
import { escaped } from './narrative.ts';

const ASSESSMENT = { coding: [coding('carePlanCategory', 'assess-plan', 'Assessment and Plan of Treatment')] };

/** A care plan with its goals for patients with active problems. */
export function recordCarePlan(chart: Chart, careTeam: Reference | undefined): void {
  const { goals, persona } = chart.life;
  const problems = activeProblems(chart.life, 0);
  const references = goals.map((plan) => recordGoal(chart, plan));
  if (problems.length === 0 || careTeam === undefined || persona.died !== undefined) return;
  const names = problems.map(({ key }) => conditionConcept(key).text);
  const aims = goals.map((plan) => goal(plan.goal).text);
  chart.add('CarePlan', 'care plan', {
    meta: profiled('us-core-careplan'),
    text: { status: 'additional', div: narrative(names, aims) },
    status: 'active',
    intent: 'plan',
    category: [ASSESSMENT],
    title: 'Plan of treatment',
    subject: chart.subject,
    period: { start: dateText(addDays(chart.life.epoch, -120)) },
    created: dateText(addDays(chart.life.epoch, -120)),
    author: chart.directory.practitioner(persona.doctor),
    contributor: [chart.directory.practitioner(persona.doctor)],
    careTeam: [careTeam],
    addresses: problems.map(({ key }) => chart.pointer('Condition', `problem ${key}`)),
    ...(references.length === 0 ? {} : { goal: references }),
  });
}

const narrative = (problems: readonly string[], aims: readonly string[]): string =>
  `<div xmlns="http://www.w3.org/1999/xhtml"><p>Looked after: ${escaped(problems.join(', '))}.</p>${
    aims.length === 0 ? '' : `<ul>${aims.map((aim) => `<li>${escaped(aim)}</li>`).join('')}</ul>`
  }</div>`;

function recordGoal(chart: Chart, { goal: key, from, for: problem, reached }: GoalPlan): Reference {
  const { text, measure, detail } = goal(key);
  return chart.add('Goal', `goal ${key}`, {
    meta: profiled('us-core-goal'),
    lifecycleStatus: reached === true ? 'completed' : 'active',
    achievementStatus:
      reached === true
        ? conceptOf('goalAchievement', 'achieved', 'Achieved')
        : conceptOf('goalAchievement', 'in-progress', 'In Progress'),
    description: { text },
    subject: chart.subject,
    startDate: dateText(chart.moment(from)),
    target: [{ measure, ...detail, dueDate: dateText(addDays(chart.moment(from), 365)) }],
    expressedBy: chart.directory.practitioner(chart.life.persona.doctor),
    ...(problem === undefined ? {} : { addresses: [chart.pointer('Condition', `problem ${problem}`)] }),
  });
}
