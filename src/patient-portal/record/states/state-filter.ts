import { attribute, emptyHtml, type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { ENTRY_STATES, type EntryState } from './entry-state.ts';
import type { StateIndex } from './state-index.ts';

/** Parses the state in the URL. Anything else shows all entries. */
export const parseShow = (value: string | undefined): EntryState | undefined =>
  ENTRY_STATES.find((state) => state === value);

/**
 * Renders links that show all entries of a section or those of one state, with their numbers. Empty if all entries have
 * the same state.
 */
export function renderStateFilter(
  { messages: { patientRecord: w } }: PatientPortalContext,
  path: string,
  { entries, counts, truncatedAt }: StateIndex,
  show: EntryState | undefined,
): Html {
  const note = truncatedAt === undefined ? '' : html`<div class="note"><p>${w.truncated(truncatedAt)}</p></div>`;
  if (counts.size < 2 && show === undefined) return html`${note}`;
  const option = (state: EntryState | undefined, text: string, count: number): Html =>
    html`<li><a href="${path}${state === undefined ? '' : `?show=${state}`}" ${attribute('aria-current', state === show && 'true')}>${w.filter.option(text, count)}</a></li>`;
  const options = ENTRY_STATES.flatMap((state) => {
    const count = counts.get(state) ?? 0;
    return count === 0 && state !== show ? [] : [option(state, w.states[state], count)];
  });
  const shown = show === undefined ? emptyHtml : html`<p class="hint">${w.filter.shown(w.states[show])}</p>`;
  return html`
${note}<nav class="pills" aria-label="${w.filter.label}"><ul>${option(undefined, w.filter.all, entries.length)}${options}</ul></nav>${shown}`;
}
