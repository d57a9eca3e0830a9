import type { TokenValue } from '../../model/search-parameter.ts';
import { ARGONAUT_CARE_PLAN, CARE_PLAN_STATUS, carePlanStatus } from '../convert/care/care-plan.ts';
import { CARE_TEAM_STATUS } from '../convert/care/care-team.ts';
import { GOAL_LIFECYCLE, goalStatus } from '../convert/care/goal.ts';
import { type TokenTranslation, tokenMatches } from './token-translation.ts';

/**
 * Builds the translation of a DSTU2 status that R4 splits into two elements. The index stores the two R4 codes as one
 * token, `a/b`. The translation lists every pair whose DSTU2 code matches the searched value.
 */
const tokenPairs =
  (
    system: string,
    firsts: readonly (string | undefined)[],
    seconds: readonly (string | undefined)[],
    toCode: (first: string | undefined, second: string | undefined) => string | undefined,
  ): TokenTranslation =>
  (value) =>
    firsts.flatMap((first) =>
      seconds.flatMap((second) => {
        const code = toCode(first, second);
        const isMatch = code !== undefined && tokenMatches({ ...value, system: value.system || system }, system, code);
        return isMatch ? [{ system: undefined, code: `${first ?? ''}/${second ?? ''}` }] : [];
      }),
    );

export const carePlanStatusTokens: TokenTranslation = tokenPairs(
  'http://hl7.org/fhir/care-plan-status',
  ['proposal', 'plan', 'order'],
  [...CARE_PLAN_STATUS.keys()],
  carePlanStatus,
);

/**
 * Translates a search for the category `careteam` to a search of R4 CareTeams by status. In DSTU2 every visible care
 * team has this category, so the R4 search allows each status with which a care team is visible.
 */
export const careTeamCategoryTokens: TokenTranslation = (value) =>
  tokenMatches(value, ARGONAUT_CARE_PLAN, 'careteam')
    ? [...CARE_TEAM_STATUS.keys()].map((code) => ({ system: 'http://hl7.org/fhir/care-team-status', code }))
    : [];

/** Codes of R4's code system goal-achievement. */
const ACHIEVEMENTS = `in-progress improving worsening no-change achieved sustaining not-achieved no-progress
  not-attainable`.split(/\s+/);

export const goalStatusTokens: TokenTranslation = tokenPairs(
  'http://hl7.org/fhir/goal-status',
  [...GOAL_LIFECYCLE.keys()],
  [undefined, ...ACHIEVEMENTS],
  (lifecycle = '', achievement) => goalStatus(lifecycle, achievement),
);

const EVENT = 'http://hl7.org/fhir/event-status';
/** Translates DSTU2 `Immunization.wasNotGiven` to R4 statuses: `true` is `not-done`. */
export const notGivenTokens: TokenTranslation = ({ code }: TokenValue) => {
  const statuses = code === 'true' ? ['not-done'] : code === 'false' ? ['completed', 'entered-in-error'] : [];
  return statuses.map((status) => ({ system: EVENT, code: status }));
};
