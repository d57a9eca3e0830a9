import type { AppEventResponse } from '../../../../src/portal-api/contract/apps.ts';

/** One entry of an app's history. It shows one event, or several that belong to one action of the developer. */
export interface AppHistoryEntry extends AppEventResponse {
  /**
   * Whether the entry shows that the developer added the app. Such an entry is the first submission, and stands for the
   * registration of the app too.
   */
  readonly addsApp: boolean;
}

/**
 * Milliseconds after a submission within which the upload of a logo counts as part of the same
 * action in the history.
 */
const SAME_ACTION_MS = 120_000;

/**
 * Converts events of an app's history to entries. Events of one action become one entry: adding an app also submits it
 * and uploads its logo.
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

/** Returns the names of the fields that changed with an event. */
export const changedFieldNames = (detail: AppEventResponse['detail']): readonly string[] => {
  const fields = detail['fields'];
  return Array.isArray(fields) ? fields.filter((one) => typeof one === 'string') : [];
};

/** Kinds of events after which a version still waits for a decision and its review deadline runs. */
const REVIEW_EVENTS = ['submitted', 'verified', 'asked', 'answered', 'approved-first'];
/** Returns whether the timeline shows the review deadline with an event. */
export const showsDeadline = ({ kind }: Pick<AppEventResponse, 'kind'>): boolean => REVIEW_EVENTS.includes(kind);
