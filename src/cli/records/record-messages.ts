import type { RecordReaderSummary } from '../../audit/index.ts';
import type { MergeResult, RetractionResult, UnmergeResult } from '../../intake/index.ts';
import { formatTable } from '../command.ts';

/** Texts that report the result of the commands that merge, unmerge and retract patient records. */

export function mergedText(
  patientId: string,
  { done, into, resources, ended, askAgain, confirmed }: MergeResult,
): string {
  if (confirmed) return `${patientId} was merged into ${into} before, as a feed said. No feed undoes it any more.`;
  if (!done) return `${patientId} was merged into ${into} before: nothing is changed.`;
  return [
    `${patientId} is a part of ${into} now: ${resources} resources came.`,
    ...ended.map(
      ({ username, relationship }) =>
        `${username} (${relationship}) could open ${patientId}, and can’t open ${into} by that: invite them, if they may.`,
    ),
    ...(askAgain === 0 ? [] : [`${askAgain} apps that somebody let see both have to ask again.`]),
    `Groups that had ${patientId} have neither: see groups members.`,
  ].join('\n');
}

export function unmergedText(
  patientId: string,
  { done, resources, restored, ended, invitations, readers }: UnmergeResult,
): string {
  if (!done) return `${patientId} is merged into nothing: nothing is changed.`;
  return [
    `${patientId} is a record of its own again: ${resources} resources went back.`,
    ...restored.map(({ username }) => `${username} can open it again; apps have to ask anew.`),
    ...ended.map(
      ({ username }) =>
        `${username} could open the other record only since, and can’t any more: invite them to theirs.`,
    ),
    ...(invitations === 0
      ? []
      : [`${invitations} invitations to the other record were made since, and can’t be used any more: invite anew.`]),
    ...readersText(readers, 'the two as one'),
  ].join('\n');
}

export function retractedText(
  { done, patientId, resources, referring, readers }: RetractionResult,
  to?: string,
): string {
  if (!done)
    return to === undefined
      ? 'It was retracted before: nothing is changed.'
      : `It is in the record of ${to}: nothing is changed.`;
  const names = (keys: RetractionResult['resources']) => keys.map(({ type, id }) => `  ${type}/${id}`);
  return [
    `Taken out of the record of ${patientId}${to === undefined ? '' : ` and put into that of ${to}`}:`,
    ...names(resources),
    ...(referring.length === 0 ? [] : ['Still there, and referring to them: may these stay?', ...names(referring)]),
    ...readersText(readers, `the record of ${patientId} while they were in it`),
  ].join('\n');
}

/** Converts the list of apps and people that read a record, for the command's JSON output. */
export const readersJson = (readers: readonly RecordReaderSummary[]) =>
  readers.map(({ clientId, app, person, reads, ofTypes, first, last }) => ({
    client_id: clientId ?? null,
    app: app ?? null,
    person: person ?? null,
    reads,
    reads_of_types: ofTypes,
    first: first.toISOString(),
    last: last.toISOString(),
  }));

function readersText(readers: readonly RecordReaderSummary[], what: string): readonly string[] {
  if (readers.length === 0) return [`Nobody read ${what}.`];
  const rows = readersJson(readers).map((one) => [
    one.app ?? one.client_id ?? '(pages)',
    one.person ?? '',
    String(one.reads),
    String(one.reads_of_types),
    one.first,
    one.last,
  ]);
  return [
    `Who read ${what} (each read of an app: Disclosures, on the practice’s desk):`,
    formatTable(['app', 'person', 'reads', 'of these types', 'first', 'last'], rows),
  ];
}
