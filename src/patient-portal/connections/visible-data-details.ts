import { type Html, html } from '../../kernel/index.ts';
import type { DataGroup } from '../../oauth/index.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import type { AppConnection } from './connection.ts';

/** Renders what the app can read: one line, and all of it when opened. Empty if the app can read nothing now. */
export function visibleDataDetails(
  { messages: { connections: w } }: PatientPortalContext,
  { visibleData }: Pick<AppConnection, 'visibleData'>,
): Html | undefined {
  if (visibleData === undefined) return undefined;
  const { groups, supporting, sensitive } = visibleData;
  if (groups.length === 0 && !supporting) return html`<p>${w.sawNothing}</p>`;
  const lines = [...groups.map(formatGroup), ...sensitive, ...(supporting ? [w.supporting] : [])];
  return dataDetails(w.seesInShort([...groups.map(({ heading }) => heading), ...sensitive]), lines);
}

/** Renders what the app can't read, in the same way. Empty if the app can read everything, or nothing now. */
export function hiddenDataDetails(
  { messages: { connections: w } }: PatientPortalContext,
  { visibleData }: Pick<AppConnection, 'visibleData'>,
): Html | undefined {
  if (visibleData === undefined) return undefined;
  const { hiddenGroups, hiddenSensitive } = visibleData;
  const names = [
    ...hiddenGroups.map(({ heading, isWhole }) => (isWhole ? heading : w.partOf(heading))),
    ...hiddenSensitive,
  ];
  if (names.length === 0) return undefined;
  return dataDetails(w.cannotSeeInShort(names), [...hiddenGroups.map(formatGroup), ...hiddenSensitive]);
}

const dataDetails = (summary: string, lines: readonly string[]): Html => html`
<details class="data-summary"><summary>${summary}</summary>
<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;

/** Names a group and what it contains. */
const formatGroup = ({ heading, labels }: DataGroup): string => `${heading}: ${labels.join(', ')}`;
