import {
  findCurrentMerge,
  findPracticeResources,
  findRecordState,
  findSurvivingRecord,
  getPatientLinks,
  type PracticeResourceState,
  recordDroppedLinks,
  wasSeparated,
} from '../../fhir/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import type { MergeAuthor, MergeDeps } from '../merge/merge-deps.ts';
import { findMergeError, type MergeRequest } from '../merge/merge-patients.ts';
import { unmergePatients } from '../merge/unmerge-patients.ts';
import { AMBIGUOUS, type ReferenceMap, resolveName, toStoredId } from '../references/reference-map.ts';
import { type RejectedOutcome, reject } from './outcome.ts';
import type { ResolvedEntry, ResolveEntriesDeps } from './resolve-entries.ts';

export type FeedLinkDeps = ResolveEntriesDeps & MergeDeps & { readonly author: MergeAuthor };

/** A merge of two patient records that a Patient link requests, with the entry that contains the link. */
export interface LinkedMerge {
  readonly entry: ImportEntry;
  readonly request: MergeRequest;
}

/**
 * Handles the links of Patients in a Bundle. FHIR R4 Patient.link: a Patient with a `replaced-by` link is no longer
 * used, and one with a `replaces` link is used instead of another. With such a link, a feed asks to merge two records.
 * It undoes a `replaced-by` merge by sending the Patient without that link.
 * @param known.rejections receives the rejections of entries that can't be written
 * @param known.not entries that must not undo a merge
 * @returns the merges to perform once the entries are stored, and the entries that undid a merge
 */
export async function processPatientLinks(
  deps: FeedLinkDeps,
  referenceMap: ReferenceMap,
  entries: ReadonlyMap<ImportEntry, ResolvedEntry>,
  {
    rejections,
    not,
  }: { readonly rejections: Map<ImportEntry, RejectedOutcome>; readonly not: ReadonlySet<ImportEntry> },
): Promise<{ readonly merges: readonly LinkedMerge[]; readonly undoneBy: readonly ImportEntry[] }> {
  const sent = new Set([...entries.values()].map(({ key, id }) => `${key.type}/${id}`));
  const merges: LinkedMerge[] = [];
  const undoneBy: ImportEntry[] = [];
  for (const [entry, placed] of entries) {
    if (placed.key.type !== 'Patient' || rejections.has(entry)) continue;
    const undone = not.has(entry) ? undefined : await undoLinkedMerge(deps, referenceMap, entry, placed);
    const found =
      undone === undefined || undone === 'done'
        ? await findLinkedMerges(deps, referenceMap, { entry, placed, sent })
        : undone;
    if (undone === 'done') undoneBy.push(entry);
    if ('reason' in found) rejections.set(entry, found);
    else merges.push(...found.map((request) => ({ entry, request })));
  }
  return { merges, undoneBy };
}

interface LinkedPatient {
  readonly entry: ImportEntry;
  readonly placed: ResolvedEntry;
  /** Keys of the resources in this Bundle, as `Type/id` with the stored ids. */
  readonly sent: ReadonlySet<string>;
}

async function findLinkedMerges(
  deps: FeedLinkDeps,
  referenceMap: ReferenceMap,
  { entry, placed, sent }: LinkedPatient,
): Promise<readonly MergeRequest[] | RejectedOutcome> {
  const { origin, tx, author, may } = deps;
  const links = getPatientLinks(withStoredLinkIds(referenceMap, entry.value));
  if (links.filter(({ type }) => type === 'replaced-by').length > 1)
    return reject(422, 'business-rule', SEVERAL_SURVIVORS);
  const keys = links.map(({ patientId: id }) => ({ type: 'Patient', id }));
  const stored = await findPracticeResources(tx, origin.practiceId, keys);
  const merges: MergeRequest[] = [];
  for (const { type, patientId } of links) {
    const existing = stored.get(`Patient/${patientId}`);
    const isKnown = existing !== undefined || sent.has(`Patient/${patientId}`);
    // If the Patient that is replaced doesn't exist on this server, there is nothing to merge.
    if (!isKnown && type === 'replaces') continue;
    if (!isKnown) return reject(412, 'not-found', UNKNOWN_SURVIVOR, 'waiting');
    if (!may('u', 'Patient')) return reject(403, 'forbidden', NOT_ALLOWED);
    if (!isFromSource(existing, origin.source)) return reject(409, 'conflict', LINKED_OTHER_SOURCE, 'kept');
    const [endingId, survivingId] = type === 'replaces' ? [patientId, placed.id] : [placed.id, patientId];
    const { practiceId, source } = origin;
    const request: MergeRequest = { practiceId, patientId: endingId, into: survivingId, said: type, source, author };
    const isNew = existing === undefined || placed.before === undefined;
    const error = isNew
      ? undefined
      : ((await findMergeError(tx, request)) ?? (await findFeedMergeError(deps, request, type)));
    if (error !== undefined) return reject(422, 'business-rule', error, 'kept');
    merges.push(request);
  }
  return merges;
}

/**
 * Checks the rules for merges that apply to feeds but not to operators. An operator may merge records that the practice
 * separated, or whose remaining Patient comes from another source. A feed may not.
 */
async function findFeedMergeError(
  { tx, origin }: FeedLinkDeps,
  { practiceId, patientId, into: survivingId }: MergeRequest,
  link: 'replaced-by' | 'replaces',
): Promise<string | undefined> {
  const [record, named] = [
    await findRecordState(tx, practiceId, patientId),
    await findRecordState(tx, practiceId, survivingId),
  ];
  if (record?.state !== 'active' || named === undefined) return undefined;
  const target = await findSurvivingRecord(tx, named);
  if (await wasSeparated(tx, record.recordId, target.recordId, link)) return UNMERGED_BY_PRACTICE;
  const key = { type: 'Patient', id: target.patientId };
  const existing = (await findPracticeResources(tx, practiceId, [key])).get(`Patient/${target.patientId}`);
  return isFromSource(existing, origin.source) ? undefined : SURVIVOR_OF_OTHER_SOURCE;
}

const isFromSource = (existing: PracticeResourceState | undefined, source: string): boolean =>
  existing === undefined || existing.source === source;

const SEVERAL_SURVIVORS = 'The links name several Patients that replace this one. Only one Patient can replace it.';
export const UNKNOWN_SURVIVOR = 'The Patient that replaces this one is unknown at this practice.';
const NOT_ALLOWED = 'This access token does not allow merging records. Request a scope such as system/Patient.u.';
const UNMERGED_BY_PRACTICE =
  'The practice unmerged these two Patients. Send this Patient without the link. If they are the same person, the practice merges them with a command (record merge).';
const SURVIVOR_OF_OTHER_SOURCE =
  'The replacing Patient is part of a record from a different source. The practice merges such records with a command (record merge).';
const LINKED_OTHER_SOURCE =
  'The linked Patient comes from a different source. The practice merges such records with a command (record merge).';

/** Reasons why a feed can't merge two known Patients, and the practice has to. */
export const PRACTICE_MERGE_REASONS: readonly string[] = [
  UNMERGED_BY_PRACTICE,
  SURVIVOR_OF_OTHER_SOURCE,
  LINKED_OTHER_SOURCE,
];

/**
 * Undoes the merge that an earlier version of the Patient requested. Returns undefined if there is no merge to undo.
 */
async function undoLinkedMerge(
  deps: FeedLinkDeps,
  referenceMap: ReferenceMap,
  { value }: ImportEntry,
  { id }: ResolvedEntry,
): Promise<'done' | undefined | RejectedOutcome> {
  const { origin, tx, author } = deps;
  if (getPatientLinks(withStoredLinkIds(referenceMap, value)).some(({ type }) => type === 'replaced-by'))
    return undefined;
  const record = await findRecordState(tx, origin.practiceId, id);
  const merge = record?.state === 'merged' ? await findCurrentMerge(tx, record.recordId) : undefined;
  if (record === undefined || merge?.reportedBy !== 'replaced-by' || merge.source !== origin.source) return undefined;
  const done = await unmergePatients(deps, { practiceId: origin.practiceId, patientId: id, author });
  if ('refused' in done) return reject(422, 'business-rule', done.refused, 'kept');
  // A feed that undid a merge may request it again, with a `replaced-by` or a `replaces` link.
  await recordDroppedLinks(tx, record.recordId, 'replaced-by', []);
  await recordDroppedLinks(tx, merge.into, 'replaces', []);
  return 'done';
}

/**
 * Returns the links of a Patient with stored ids. The sending app has its own ids, and may refer by fullUrl or
 * identifier.
 */
export function withStoredLinkIds(referenceMap: ReferenceMap, patient: unknown): unknown {
  const link = (patient as { readonly link?: unknown }).link;
  if (!Array.isArray(link)) return {};
  return {
    link: link.map((one) => {
      const reference = String(one?.other?.reference ?? '');
      const key = resolveName(referenceMap, reference);
      const isPatient = key !== undefined && key !== AMBIGUOUS && key.type === 'Patient';
      return isPatient ? { ...one, other: { reference: `Patient/${toStoredId(referenceMap.origin, key)}` } } : one;
    }),
  };
}
