import type { TokenValue } from '../core/search-parameter.ts';
import { ARGONAUT_CARE_PLAN, CARE_PLAN_STATUS, carePlanStatus } from './convert/care-plan.ts';
import { CARE_TEAM_STATUS } from './convert/care-team.ts';
import { goalStatus, LIFECYCLE } from './convert/goal.ts';
import { isAskedFor, type ToStored } from './stored-tokens.ts';

/** Codes of DSTU2 that two elements of R4 make together: the index has the pair as one token, `a/b`. */
const pairs =
  (
    system: string,
    firsts: readonly (string | undefined)[],
    seconds: readonly (string | undefined)[],
    codeOf: (first: string | undefined, second: string | undefined) => string | undefined,
  ): ToStored =>
  (value) =>
    firsts.flatMap((first) =>
      seconds.flatMap((second) => {
        const code = codeOf(first, second);
        const isAsked = code !== undefined && isAskedFor({ ...value, system: value.system || system }, system, code);
        return isAsked ? [{ system: undefined, code: `${first ?? ''}/${second ?? ''}` }] : [];
      }),
    );

export const carePlanStatuses: ToStored = pairs(
  'http://hl7.org/fhir/care-plan-status',
  ['proposal', 'plan', 'order'],
  [...CARE_PLAN_STATUS.keys()],
  carePlanStatus,
);

/** Argonaut's category of all care teams that are shown: of whatever status. */
export const careTeamCategory: ToStored = (value) =>
  isAskedFor(value, ARGONAUT_CARE_PLAN, 'careteam')
    ? [...CARE_TEAM_STATUS.keys()].map((code) => ({ system: 'http://hl7.org/fhir/care-team-status', code }))
    : [];

/** R4's goal-achievement. */
const ACHIEVEMENTS = `in-progress improving worsening no-change achieved sustaining not-achieved no-progress
  not-attainable`.split(/\s+/);

export const goalStatuses: ToStored = pairs(
  'http://hl7.org/fhir/goal-status',
  [...LIFECYCLE.keys()],
  [undefined, ...ACHIEVEMENTS],
  (lifecycle = '', achievement) => goalStatus(lifecycle, achievement),
);

const EVENT = 'http://hl7.org/fhir/event-status';
/** A flag of DSTU2 that is a status of R4. */
export const notGiven: ToStored = ({ code }: TokenValue) => {
  const statuses = code === 'true' ? ['not-done'] : code === 'false' ? ['completed', 'entered-in-error'] : [];
  return statuses.map((status) => ({ system: EVENT, code: status }));
};
