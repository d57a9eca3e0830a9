import type { ConditionKey } from '../../codes/conditions.ts';
import type { PractitionerKey } from '../../directory/practitioners.ts';
import { every, type YearsAgo } from '../calendar.ts';
import type { ScenarioPart, VisitPlan } from '../scenario.ts';

/** Builds yearly checkups with their blood tests and surveys. */
export function checkups(from: YearsAgo, by: PractitionerKey, until: YearsAgo = 0): ScenarioPart {
  return {
    visits: every(1, from, until).map((at) => ({ kind: 'checkup', at, by })),
    labs: [
      { panel: 'comprehensive', every: 2, from },
      { panel: 'lipids', every: 2, from },
      { panel: 'bloodCount', every: 3, from },
    ],
    surveys: [
      {
        survey: 'phq2',
        every: 1,
        from,
        points: [
          [from, 1],
          [0, 0],
        ],
      },
    ],
  };
}

/** Makes a follow-up visit at each of the given times, all of them for the same conditions. */
export const followUps = (
  times: readonly YearsAgo[],
  by: PractitionerKey,
  reasons: readonly ConditionKey[],
  overrides: Partial<VisitPlan> = {},
): ScenarioPart => ({ visits: times.map((at) => ({ kind: 'followUp', at, by, reasons, ...overrides })) });

export const singleVisit = (plan: VisitPlan): ScenarioPart => ({ visits: [plan] });
