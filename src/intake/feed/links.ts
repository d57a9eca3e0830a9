import {
  type AtPractice,
  findAtPractice,
  isTakenApart,
  linksLeftOut,
  openMerge,
  patientLinks,
  recordState,
  remaining,
} from '../../fhir/index.ts';
import type { Entry } from '../entry.ts';
import { type MergeAsked, mergeFault } from '../merge/merge.ts';
import type { Author, MergeDeps } from '../merge/merge-deps.ts';
import { unmergePatients } from '../merge/unmerge.ts';
import { AMBIGUOUS, finalId, findName, type Names } from '../names.ts';
import { type Refused, refused } from './outcome.ts';
import type { PlaceDeps, Placed } from './place.ts';

export type LinkDeps = PlaceDeps & MergeDeps & { readonly author: Author };

/** A merge that the link of a Patient requests, with the entry that contains the link. */
export interface Said {
  readonly entry: Entry;
  readonly asked: MergeAsked;
}

/**
 * Processes the links of Patients. FHIR R4 Patient.link: a Patient with a `replaced-by` link is no longer used, and one
 * with a `replaces` link is used instead of another. A feed requests the merge of two records in this way. It undoes a
 * `replaced-by` merge by sending the Patient without that link.
 * @param known.faults receives the reason why an entry can't be written
 * @param known.not entries that must not undo a merge
 * @returns the merges to perform once the entries are stored, and the entries that undid a merge
 */
export async function linksOf(
  deps: LinkDeps,
  referenceMap: Names,
  entries: ReadonlyMap<Entry, Placed>,
  { faults, not }: { readonly faults: Map<Entry, Refused>; readonly not: ReadonlySet<Entry> },
): Promise<{ readonly merges: readonly Said[]; readonly takenBack: readonly Entry[] }> {
  const sent = new Set([...entries.values()].map(({ key, id }) => `${key.type}/${id}`));
  const merges: Said[] = [];
  const undoneBy: Entry[] = [];
  for (const [entry, placed] of entries) {
    if (placed.key.type !== 'Patient' || faults.has(entry)) continue;
    const undone = not.has(entry) ? undefined : await takeBack(deps, referenceMap, entry, placed);
    const found =
      undone === undefined || undone === 'done' ? await saidBy(deps, referenceMap, { entry, placed, sent }) : undone;
    if (undone === 'done') undoneBy.push(entry);
    if ('reason' in found) faults.set(entry, found);
    else merges.push(...found.map((request) => ({ entry, asked: request })));
  }
  return { merges, takenBack: undoneBy };
}

interface Saying {
  readonly entry: Entry;
  readonly placed: Placed;
  /** Resources in this Bundle, as `Type/id`. */
  readonly sent: ReadonlySet<string>;
}

async function saidBy(
  deps: LinkDeps,
  referenceMap: Names,
  { entry, placed, sent }: Saying,
): Promise<readonly MergeAsked[] | Refused> {
  const { origin, tx, author, may } = deps;
  const links = patientLinks(withFinalIds(referenceMap, entry.value));
  if (links.filter(({ type }) => type === 'replaced-by').length > 1) return refused(422, 'business-rule', SEVERAL);
  const keys = links.map(({ patientId: id }) => ({ type: 'Patient', id }));
  const stored = await findAtPractice(tx, origin.practiceId, keys);
  const merges: MergeAsked[] = [];
  for (const { type, patientId } of links) {
    const existing = stored.get(`Patient/${patientId}`);
    const isKnown = existing !== undefined || sent.has(`Patient/${patientId}`);
    // The replaced Patient doesn't exist here, so there is nothing to merge.
    if (!isKnown && type === 'replaces') continue;
    if (!isKnown) return refused(412, 'not-found', UNKNOWN_SURVIVOR, 'waiting');
    if (!may('u', 'Patient')) return refused(403, 'forbidden', NOT_ALLOWED);
    if (!isOwn(existing, origin.source)) return refused(409, 'conflict', OF_ANOTHER_SOURCE, 'kept');
    const [endingId, survivingId] = type === 'replaces' ? [patientId, placed.id] : [placed.id, patientId];
    const { practiceId, source } = origin;
    const request: MergeAsked = { practiceId, patientId: endingId, into: survivingId, said: type, source, author };
    const isNew = existing === undefined || placed.before === undefined;
    const error = isNew ? undefined : ((await mergeFault(tx, request)) ?? (await ownFault(deps, request, type)));
    if (error !== undefined) return refused(422, 'business-rule', error, 'kept');
    merges.push(request);
  }
  return merges;
}

/**
 * Checks rules that apply to feeds only. An operator may merge records that the practice separated, or whose surviving
 * Patient comes from another source; a feed may not.
 */
async function ownFault(
  { tx, origin }: LinkDeps,
  { practiceId, patientId, into: survivingId }: MergeAsked,
  link: 'replaced-by' | 'replaces',
): Promise<string | undefined> {
  const [record, named] = [
    await recordState(tx, practiceId, patientId),
    await recordState(tx, practiceId, survivingId),
  ];
  if (record?.state !== 'active' || named === undefined) return undefined;
  const target = await remaining(tx, named);
  if (await isTakenApart(tx, record.recordId, target.recordId, link)) return TAKEN_APART;
  const key = { type: 'Patient', id: target.patientId };
  const existing = (await findAtPractice(tx, practiceId, [key])).get(`Patient/${target.patientId}`);
  return isOwn(existing, origin.source) ? undefined : PART_OF_ANOTHERS;
}

const isOwn = (existing: AtPractice | undefined, source: string): boolean =>
  existing === undefined || existing.source === source;

const SEVERAL = 'Its links say that several Patients replace it: one does.';
const UNKNOWN_SURVIVOR = 'The Patient that it is replaced by is not known at this practice.';
const NOT_ALLOWED = 'This access token does not allow to merge records. Ask for a scope such as system/Patient.u.';
const TAKEN_APART =
  'The practice took these two Patients apart. Send it without the link; if they are one person’s, the practice merges them by command (record merge).';
const PART_OF_ANOTHERS =
  'The Patient that would replace it is part of a record that another source brought: the practice merges such records by command (record merge).';
const OF_ANOTHER_SOURCE =
  'Another source brought the Patient that it is linked to: the practice merges such records by command (record merge).';

/** Undoes the merge that an earlier version of the Patient requested. undefined: there is no merge to undo. */
async function takeBack(
  deps: LinkDeps,
  referenceMap: Names,
  { value }: Entry,
  { id }: Placed,
): Promise<'done' | undefined | Refused> {
  const { origin, tx, author } = deps;
  if (patientLinks(withFinalIds(referenceMap, value)).some(({ type }) => type === 'replaced-by')) return undefined;
  const record = await recordState(tx, origin.practiceId, id);
  const merge = record?.state === 'merged' ? await openMerge(tx, record.recordId) : undefined;
  if (record === undefined || merge?.said !== 'replaced-by' || merge.source !== origin.source) return undefined;
  const done = await unmergePatients(deps, { practiceId: origin.practiceId, patientId: id, author });
  if ('refused' in done) return refused(422, 'business-rule', done.refused, 'kept');
  // The feed itself undid the merge, so it may request it again by either link.
  await linksLeftOut(tx, record.recordId, 'replaced-by', []);
  await linksLeftOut(tx, merge.into, 'replaces', []);
  return 'done';
}

/** Links with the ids that will be stored. A source has its own ids and may refer by fullUrl or identifier. */
export function withFinalIds(referenceMap: Names, patient: unknown): unknown {
  const link = (patient as { readonly link?: unknown }).link;
  if (!Array.isArray(link)) return {};
  return {
    link: link.map((one) => {
      const reference = String(one?.other?.reference ?? '');
      const key = findName(referenceMap, reference);
      const isPatient = key !== undefined && key !== AMBIGUOUS && key.type === 'Patient';
      return isPatient ? { ...one, other: { reference: `Patient/${finalId(referenceMap.origin, key)}` } } : one;
    }),
  };
}
