import type { AppEventResponse } from '../../../../src/portal-api/contract/apps.ts';

/** An action in the history, usually a single event. */
export interface AppHistoryEntry extends AppEventResponse {
  /** The version was submitted when the app was added. */
  readonly addsApp: boolean;
}

/** Milliseconds within which a logo upload counts as part of the submission before it. */
const SAME_ACTION_MS = 120_000;

/**
 * Merges events that belong to one action: adding an app also submits it and uploads its logo.
 * @param events newest first
 */
export function toHistoryEntries(events: readonly AppEventResponse[]): readonly AppHistoryEntry[] {
  return events.flatMap((event, index) => {
    const [before, later] = [events[index + 1], events[index - 1]];
    if (isLogoChange(event) && before?.kind === 'submitted' && isSameAction(before, event)) return [];
    if (event.kind === 'registered' && later?.kind === 'submitted' && isSameAction(event, later)) return [];
    const addsApp = event.kind === 'submitted' && before?.kind === 'registered' && isSameAction(before, event);
    return [{ ...event, addsApp }];
  });
}

const isLogoChange = ({ kind, detail }: AppEventResponse): boolean =>
  kind === 'changed' && changedFieldNames(detail).every((field) => field === 'logo');

const isSameAction = (before: AppEventResponse, after: AppEventResponse): boolean =>
  before.who === after.who &&
  before.bySide === after.bySide &&
  Date.parse(after.at) - Date.parse(before.at) < SAME_ACTION_MS;

/** Names of the changed fields of an event. */
export const changedFieldNames = (detail: AppEventResponse['detail']): readonly string[] => {
  const fields = detail['fields'];
  return Array.isArray(fields) ? fields.filter((one) => typeof one === 'string') : [];
};

/** Events that start or continue the review of a version, whose deadline runs until it is decided. */
const REVIEW_EVENTS = ['submitted', 'verified', 'asked', 'answered', 'approved-first'];
/** Whether the review deadline is shown with this event. */
export const showsDeadline = ({ kind }: Pick<AppEventResponse, 'kind'>): boolean => REVIEW_EVENTS.includes(kind);
