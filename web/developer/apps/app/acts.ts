import type { EventAnswer } from '../../../../src/portal/contract/apps.ts';

/** Something that was done: most often one event. */
export interface Act extends EventAnswer {
  /** The app was handed in by adding it. */
  readonly adds: boolean;
}

/** A picture that is chosen right after the rest was handed in is part of that. */
const SAME_ACT = 120_000;

/** One entry for one act: adding an app hands it in, and sends its picture. @param events the newest first */
export function actsOf(events: readonly EventAnswer[]): readonly Act[] {
  return events.flatMap((event, at) => {
    const [before, later] = [events[at + 1], events[at - 1]];
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

/** Of a change: what works since. */
export const fieldsOf = (detail: EventAnswer['detail']): readonly string[] => {
  const fields = detail['fields'];
  return Array.isArray(fields) ? fields.filter((one) => typeof one === 'string') : [];
};

/** What began or went on with the review of a version: its clock runs, as long as nothing was decided. */
const RUNNING = ['submitted', 'verified', 'asked', 'answered', 'approved-first'];
/** Whether the clock of the version that waits is said with this: once for each, where it was moved last. */
export const saysClock = ({ kind }: Pick<EventAnswer, 'kind'>): boolean => RUNNING.includes(kind);
