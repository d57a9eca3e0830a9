import { nested } from '../../database/index.ts';
import { linksLeftOut, patientLinks, patientsTakenApart } from '../../fhir/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { Entry } from '../entry.ts';
import { mergePatients } from '../merge/merge.ts';
import type { Names } from '../names.ts';
import { type LinkDeps, linksOf, type Said, withFinalIds } from './links.ts';
import { type Loaded, type Loading, loadEntries } from './load-entries.ts';
import { type Refused, refused } from './outcome.ts';
import type { Placed } from './place.ts';

type Deps = LinkDeps & Loading;

export interface LoadedLinked extends Loaded {
  /** Why entries were not written: errors found before loading, or in their links. */
  readonly faults: ReadonlyMap<Entry, Refused>;
}

/** Errors and restrictions known before an attempt, partly from attempts that were rolled back. */
interface Known {
  readonly faults: ReadonlyMap<Entry, Refused>;
  /** Rejected entries. The merges that they would have undone remain. */
  readonly takeNothingBack: ReadonlySet<Entry>;
}

/**
 * Rolls an attempt back when an entry was rejected after its links had taken effect. The next attempt runs without that
 * effect.
 */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly known: Known;

  constructor(known: Known) {
    super('an entry with links was refused');
    this.known = known;
  }
}

/** Each attempt writes the whole Bundle while holding the lock of the practice. */
const MOST_ATTEMPTS = 3;

/**
 * Loads entries, and performs the merges and unmerges that links of written Patients request. An entry that is
 * rejected, by the loader or by validation, never changes which records are merged.
 */
export async function loadLinked(
  deps: Deps,
  referenceMap: Names,
  entries: ReadonlyMap<Entry, Placed>,
  rejections: ReadonlyMap<Entry, Refused>,
): Promise<LoadedLinked> {
  let known: Known = { faults: rejections, takeNothingBack: new Set() };
  for (let attemptsLeft = MOST_ATTEMPTS - 1; ; attemptsLeft -= 1) {
    // The last attempt undoes no merges at all, so that it can't fail for that reason.
    const state = attemptsLeft > 0 ? known : { ...known, takeNothingBack: new Set(entries.keys()) };
    try {
      return await nested(deps.tx).transaction((tx) =>
        attempt({ ...deps, tx }, referenceMap, entries, state, attemptsLeft === 0),
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      known = error.known;
    }
  }
}

async function attempt(
  deps: Deps,
  referenceMap: Names,
  entries: ReadonlyMap<Entry, Placed>,
  known: Known,
  isLast: boolean,
): Promise<LoadedLinked> {
  const rejections = new Map(known.faults);
  const { merges, takenBack } = await linksOf(deps, referenceMap, entries, {
    faults: rejections,
    not: known.takeNothingBack,
  });
  const loaded = await loadEntries(
    deps,
    referenceMap,
    [...entries.keys()].filter((entry) => !rejections.has(entry)),
  );
  const isWritten = (entry: Entry) => !rejections.has(entry) && !loaded.reasons.has(entry.at);
  const unwritten = takenBack.filter((entry) => !isWritten(entry));
  const unmerged = await mergeLinked(
    deps,
    merges.filter(({ entry }) => isWritten(entry)),
  );
  if (!isLast && unwritten.length + unmerged.size > 0)
    throw new Refusal({
      faults: new Map([...known.faults, ...unmerged]),
      takeNothingBack: new Set([...known.takeNothingBack, ...unwritten]),
    });
  for (const [entry, fault] of unmerged) rejections.set(entry, fault);
  await notSaidAnyMore(
    deps,
    referenceMap,
    [...entries].filter(([entry, { key }]) => key.type === 'Patient' && isWritten(entry)),
  );
  return { ...loaded, faults: rejections };
}

/** @returns the entries whose merge failed, with the reason */
async function mergeLinked(deps: Deps, merges: readonly Said[]): Promise<ReadonlyMap<Entry, Refused>> {
  const rejections = new Map<Entry, Refused>();
  for (const { entry, asked } of merges) {
    const done = await mergePatients(deps, asked);
    if ('refused' in done) rejections.set(entry, refused(422, 'business-rule', done.refused, 'waiting'));
  }
  return rejections;
}

/**
 * After an operator has separated two records, a feed may link them again only once it has sent the Patient without the
 * link. This records the omission.
 */
async function notSaidAnyMore(
  { tx, origin }: Deps,
  referenceMap: Names,
  patients: readonly (readonly [Entry, Placed])[],
): Promise<void> {
  const ids = patients.map(([, { id }]) => id);
  const separated = await patientsTakenApart(tx, origin.practiceId, ids);
  for (const [{ value }, { id }] of patients) {
    const recordId = separated.get(id);
    if (recordId === undefined) continue;
    const links = patientLinks(withFinalIds(referenceMap, value)).filter(({ patientId }) => isUuid(patientId));
    for (const link of ['replaced-by', 'replaces'] as const) {
      const remainingLinks = links.filter(({ type }) => type === link).map(({ patientId }) => patientId);
      await linksLeftOut(tx, recordId, link, remainingLinks);
    }
  }
}
