import type { EventAnswer } from '../../../../src/portal/contract/apps.ts';

/** An action in the history, usually a single event. */
export interface Act extends EventAnswer {
  /** The version was submitted when the app was added. */
  readonly adds: boolean;
}

/** Milliseconds within which a logo upload counts as part of the submission before it. */
const SAME_ACT = 120_000;

/**
 * Merges events that belong to one action: adding an app also submits it and uploads its logo.
 * @param events newest first
 */
export function actsOf(events: readonly EventAnswer[]): readonly Act[] {
  return events.flatMap((event, index) => {
    const [before, later] = [events[index + 1], events[index - 1]];
    if (isPicture(event) && before?.kind === 'submitted' && isSameAct(before, event)) return [];
    if (event.kind === 'registered' && later?.kind === 'submitted' && isSameAct(event, later)) return [];
    const adds = event.kind === 'submitted' && before?.kind === 'registered' && isSameAct(before, event);
    return [{ ...event, adds }];
  });
}

const isPicture = ({ kind, detail }: EventAnswer): boolean =>
  kind === 'changed' && fieldsOf(detail).every((field) => field === 'logo');

const isSameAct = (before: EventAnswer, after: EventAnswer): boolean =>
  before.who === after.who && before.bySide === after.bySide && Date.parse(after.at) - Date.parse(before.at) < SAME_ACT;

/** Names of the changed fields of an event. */
export const fieldsOf = (detail: EventAnswer['detail']): readonly string[] => {
  const fields = detail['fields'];
  return Array.isArray(fields) ? fields.filter((one) => typeof one === 'string') : [];
};

/** Events that start or continue the review of a version, whose deadline runs until it is decided. */
const RUNNING = ['submitted', 'verified', 'asked', 'answered', 'approved-first'];
/** Whether the review deadline is shown with this event. */
export const saysClock = ({ kind }: Pick<EventAnswer, 'kind'>): boolean => RUNNING.includes(kind);
