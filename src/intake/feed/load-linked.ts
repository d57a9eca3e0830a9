import { withSavepoints } from '../../database/index.ts';
import { findSeparatedPatients, getPatientLinks, recordDroppedLinks } from '../../fhir/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { mergePatients } from '../merge/merge-patients.ts';
import type { ReferenceMap } from '../references/reference-map.ts';
import { type FeedLoadDeps, type LoadedEntries, loadEntries } from './load-entries.ts';
import { type RejectedOutcome, reject } from './outcome.ts';
import { type FeedLinkDeps, type LinkedMerge, processPatientLinks, withStoredLinkIds } from './patient-links.ts';
import type { ResolvedEntry } from './resolve-entries.ts';

type LinkedLoadDeps = FeedLinkDeps & FeedLoadDeps;

export interface LoadedLinkedEntries extends LoadedEntries {
  /** Rejections of entries: errors found before loading, and errors in the links of Patients. */
  readonly rejections: ReadonlyMap<ImportEntry, RejectedOutcome>;
}

/**
 * Rejections that are known before an attempt to load a Bundle. Some come from earlier attempts that were rolled back.
 */
interface LinkAttemptState {
  readonly rejections: ReadonlyMap<ImportEntry, RejectedOutcome>;
  /** Entries that were rejected after they had undone a merge of records. The next attempt does not undo that merge. */
  readonly takeNothingBack: ReadonlySet<ImportEntry>;
}

/**
 * Rolls back an attempt to load a Bundle. Either an entry was rejected after its Patient links had undone a merge, or
 * the merge that an entry requests was rejected after its resource had been stored. The next attempt doesn't undo that
 * merge or store that resource.
 */
class LinkRollback extends Error {
  override readonly name = 'Refusal';
  readonly state: LinkAttemptState;

  constructor(state: LinkAttemptState) {
    super('an entry with links was rejected');
    this.state = state;
  }
}

/**
 * Maximum number of attempts to load a Bundle. Each one writes the whole Bundle while it holds the lock of the
 * practice.
 */
const MAX_ATTEMPTS = 3;

/**
 * Loads entries of a Bundle. It also merges patient records, or separates merged ones, if the links of written Patients
 * request it. An entry that the loader or validation rejects never changes which records are merged.
 */
export async function loadLinked(
  deps: LinkedLoadDeps,
  referenceMap: ReferenceMap,
  entries: ReadonlyMap<ImportEntry, ResolvedEntry>,
  rejections: ReadonlyMap<ImportEntry, RejectedOutcome>,
): Promise<LoadedLinkedEntries> {
  let known: LinkAttemptState = { rejections, takeNothingBack: new Set() };
  for (let attemptsLeft = MAX_ATTEMPTS - 1; ; attemptsLeft -= 1) {
    // The last attempt undoes no merge, so no undone merge can cause its rollback.
    const state = attemptsLeft > 0 ? known : { ...known, takeNothingBack: new Set(entries.keys()) };
    try {
      return await withSavepoints(deps.tx).transaction((tx) =>
        attemptLoad({ ...deps, tx }, referenceMap, entries, state, attemptsLeft === 0),
      );
    } catch (error) {
      if (!(error instanceof LinkRollback)) throw error;
      known = error.state;
    }
  }
}

async function attemptLoad(
  deps: LinkedLoadDeps,
  referenceMap: ReferenceMap,
  entries: ReadonlyMap<ImportEntry, ResolvedEntry>,
  state: LinkAttemptState,
  isLast: boolean,
): Promise<LoadedLinkedEntries> {
  const rejections = new Map(state.rejections);
  const { merges, undoneBy } = await processPatientLinks(deps, referenceMap, entries, {
    rejections,
    not: state.takeNothingBack,
  });
  const loaded = await loadEntries(
    deps,
    referenceMap,
    [...entries.keys()].filter((entry) => !rejections.has(entry)),
  );
  const isWritten = (entry: ImportEntry) => !rejections.has(entry) && !loaded.reasons.has(entry.at);
  const unwritten = undoneBy.filter((entry) => !isWritten(entry));
  const unmerged = await performMerges(
    deps,
    merges.filter(({ entry }) => isWritten(entry)),
  );
  if (!isLast && unwritten.length + unmerged.size > 0)
    throw new LinkRollback({
      rejections: new Map([...state.rejections, ...unmerged]),
      takeNothingBack: new Set([...state.takeNothingBack, ...unwritten]),
    });
  for (const [entry, rejection] of unmerged) rejections.set(entry, rejection);
  await recordOmittedLinks(
    deps,
    referenceMap,
    [...entries].filter(([entry, { key }]) => key.type === 'Patient' && isWritten(entry)),
  );
  return { ...loaded, rejections };
}

/**
 * Merges the patient records that the links of written Patients ask to merge.
 * @returns rejections of the entries whose merge failed
 */
async function performMerges(
  deps: LinkedLoadDeps,
  merges: readonly LinkedMerge[],
): Promise<ReadonlyMap<ImportEntry, RejectedOutcome>> {
  const rejections = new Map<ImportEntry, RejectedOutcome>();
  for (const { entry, request } of merges) {
    const done = await mergePatients(deps, request);
    if ('refused' in done) rejections.set(entry, reject(422, 'business-rule', done.refused, 'waiting'));
  }
  return rejections;
}

/**
 * Records that a feed sent a Patient without a link to another Patient. After an operator has separated two records, a
 * feed may link them again only once it has sent the Patient without the link.
 */
async function recordOmittedLinks(
  { tx, origin }: LinkedLoadDeps,
  referenceMap: ReferenceMap,
  patients: readonly (readonly [ImportEntry, ResolvedEntry])[],
): Promise<void> {
  const ids = patients.map(([, { id }]) => id);
  const separated = await findSeparatedPatients(tx, origin.practiceId, ids);
  for (const [{ value }, { id }] of patients) {
    const recordId = separated.get(id);
    if (recordId === undefined) continue;
    const links = getPatientLinks(withStoredLinkIds(referenceMap, value)).filter(({ patientId }) => isUuid(patientId));
    for (const link of ['replaced-by', 'replaces'] as const) {
      const remainingLinks = links.filter(({ type }) => type === link).map(({ patientId }) => patientId);
      await recordDroppedLinks(tx, recordId, link, remainingLinks);
    }
  }
}
