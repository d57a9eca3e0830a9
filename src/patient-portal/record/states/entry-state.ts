import {
  elementsAt,
  isEnteredInError,
  isFamilyHistory,
  isPlanned,
  isProhibited,
  isRefuted,
  parseDateRange,
} from '../../../fhir/index.ts';

/**
 * State of an entry for the patient, now. `avoid` is a medicine that must not be taken. `unclear` is neither current nor
 * past: it is paused, has no known status, contradicts itself, is only one possible diagnosis, or is about a relative.
 */
export const ENTRY_STATES = ['current', 'avoid', 'unclear', 'planned', 'past'] as const;
export type EntryState = (typeof ENTRY_STATES)[number];

interface StateRule {
  /** Path of the status. */
  readonly path: string;
  /** States by status code. Any other code, and no code, is `unclear`. */
  readonly states: Readonly<Record<string, EntryState>>;
  /** Dates on which a current entry ends, and its state afterwards. */
  readonly ends?: readonly string[];
  readonly ended?: EntryState;
}

const REQUEST_STATES = { active: 'current', draft: 'planned', completed: 'past' } as const;

const STATE_RULES: Readonly<Record<string, StateRule>> = {
  Condition: {
    path: 'clinicalStatus.coding.code',
    states: {
      active: 'current',
      recurrence: 'current',
      relapse: 'current',
      inactive: 'past',
      remission: 'past',
      resolved: 'past',
    },
    ends: ['abatementDateTime', 'abatementPeriod.end'],
  },
  AllergyIntolerance: {
    path: 'clinicalStatus.coding.code',
    states: { active: 'current', inactive: 'past', resolved: 'past' },
  },
  MedicationRequest: { path: 'status', states: { ...REQUEST_STATES, cancelled: 'past', stopped: 'past' } },
  MedicationStatement: {
    path: 'status',
    states: { active: 'current', intended: 'planned', completed: 'past', stopped: 'past', 'not-taken': 'past' },
    ends: ['effectivePeriod.end'],
  },
  ServiceRequest: { path: 'status', states: { ...REQUEST_STATES, revoked: 'past' } },
  CarePlan: { path: 'status', states: { ...REQUEST_STATES, revoked: 'past' }, ends: ['period.end'] },
  Goal: {
    path: 'lifecycleStatus',
    states: {
      active: 'current',
      proposed: 'planned',
      planned: 'planned',
      accepted: 'planned',
      completed: 'past',
      cancelled: 'past',
      rejected: 'past',
    },
  },
  CareTeam: {
    path: 'status',
    states: { active: 'current', proposed: 'planned', inactive: 'past' },
    ends: ['period.end'],
  },
  Device: { path: 'status', states: { active: 'current', inactive: 'past' } },
  Coverage: { path: 'status', states: { active: 'current', cancelled: 'past' }, ends: ['period.end'], ended: 'past' },
};

/** Whether entries of this type can be current or past. Others, such as procedures, are events. */
export const hasStates = (type: string): boolean => Object.hasOwn(STATE_RULES, type);

/**
 * Returns the state of an entry. An entry is `current` only if its status says so and nothing in the entry contradicts
 * it.
 * @param resource a resource of a type that `hasStates`, or the elements that `listEntryStates` reads
 */
export function entryState(type: string, resource: unknown, now: Date): EntryState {
  const rule = STATE_RULES[type];
  if (rule === undefined) return 'unclear';
  if (isEnteredInError(resource) || isRefuted(resource)) return 'past';
  const state = stateOfStatus(rule, resource);
  if (state === 'past' || state === 'unclear') return state;
  if (type === 'Condition' && (isFamilyHistory(resource) || isDifferential(resource))) return 'unclear';
  if (type === 'MedicationRequest' && isProhibited(resource)) return state === 'current' ? 'avoid' : state;
  if (elementsAt(resource, 'intent').includes('directive')) return 'unclear';
  if (state === 'planned' || isSuggestion(type, resource)) return 'planned';
  return hasPastEnd(type, resource, now) ? (rule.ended ?? 'unclear') : 'current';
}

/** Whether a Condition is only one of several possible diagnoses. */
const isDifferential = (resource: unknown): boolean =>
  elementsAt(resource, 'verificationStatus.coding.code').includes('differential');

/** Returns the state that the status says. Codes that say different things are `unclear`. */
function stateOfStatus({ path, states }: StateRule, resource: unknown): EntryState {
  const found = elementsAt(resource, path).map((code) =>
    typeof code === 'string' && Object.hasOwn(states, code) ? states[code] : undefined,
  );
  const [state, ...others] = new Set(found);
  return others.length === 0 ? (state ?? 'unclear') : 'unclear';
}

/** Whether a request says what may be done one day. The intent `plan` is the usual one of a CarePlan in effect. */
function isSuggestion(type: string, resource: unknown): boolean {
  if (type !== 'CarePlan') return isPlanned(resource);
  return elementsAt(resource, 'intent').some((intent) => intent === 'proposal' || intent === 'option');
}

/** Whether the entry has a date on which it ended, and that date is past. Its status may say something else. */
export const hasPastEnd = (type: string, resource: unknown, now: Date): boolean =>
  (STATE_RULES[type]?.ends ?? [])
    .flatMap((path) => elementsAt(resource, path))
    .some((end) => typeof end === 'string' && (parseDateRange(end)?.high ?? Number.POSITIVE_INFINITY) <= now.getTime());
