import type { RecordReaderSummary } from '../../audit/index.ts';
import type { MergeResult, RetractionResult, UnmergeResult } from '../../intake/index.ts';
import { formatTable } from '../command.ts';

/** Texts that report the result of the commands that merge, unmerge and retract patient records. */

export function mergedText(
  patientId: string,
  { done, into, resources, ended, askAgain, confirmed }: MergeResult,
): string {
  if (confirmed)
    return `A feed already merged ${patientId} into ${into}. You have confirmed this merge, so no feed can undo it.`;
  if (!done) return `${patientId} was already merged into ${into}. Nothing changed.`;
  return [
    `Merged ${patientId} into ${into}: ${resources} resources were moved.`,
    ...ended.map(
      ({ username, relationship }) =>
        `${username} (${relationship}) had access to ${patientId}, but not to ${into}. If they should have access, invite them.`,
    ),
    ...(askAgain === 0 ? [] : [`${askAgain} apps had access to both records and must ask for permission again.`]),
    `Groups that had ${patientId} now have neither record. To add ${into}, run groups members.`,
  ].join('\n');
}

export function unmergedText(
  patientId: string,
  { done, resources, restored, ended, invitations, readers }: UnmergeResult,
): string {
  if (!done) return `${patientId} isn’t merged. Nothing changed.`;
  return [
    `${patientId} is a separate record again: ${resources} resources were moved back.`,
    ...restored.map(({ username }) => `${username} has access to it again. Apps must ask for permission again.`),
    ...ended.map(
      ({ username }) =>
        `${username} got access to the other record after the merge and no longer has it. Invite them to the right record.`,
    ),
    ...(invitations === 0
      ? []
      : [
          `${invitations} invitations to the other record were sent after the merge and no longer work. Send new ones.`,
        ]),
    ...readersText(readers, 'the merged record'),
  ].join('\n');
}

export function retractedText(
  { done, patientId, resources, referring, readers }: RetractionResult,
  to?: string,
): string {
  if (!done)
    return to === undefined
      ? 'It was already retracted. Nothing changed.'
      : `It is already in the record of ${to}. Nothing changed.`;
  const names = (keys: RetractionResult['resources']) => keys.map(({ type, id }) => `  ${type}/${id}`);
  return [
    `Removed from the record of ${patientId}${to === undefined ? '' : ` and added to the record of ${to}`}:`,
    ...names(resources),
    ...(referring.length === 0
      ? []
      : [
          'These resources are still in the record and refer to them. Check whether they belong there:',
          ...names(referring),
        ]),
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
  if (readers.length === 0) return [`No app or person read ${what}.`];
  const rows = readersJson(readers).map((one) => [
    one.app ?? one.client_id ?? '(pages)',
    one.person ?? '',
    String(one.reads),
    String(one.reads_of_types),
    one.first,
    one.last,
  ]);
  return [
    `These apps and people read ${what}. The data access report in the practice portal lists each read by an app.`,
    formatTable(['app', 'person', 'reads', 'of these types', 'first', 'last'], rows),
  ];
}
