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
  /** Why entries were not written, before the loader saw them or by what their links say. */
  readonly faults: ReadonlyMap<Entry, Refused>;
}

/** What is known of entries before, and from attempts that were taken back. */
interface Known {
  readonly faults: ReadonlyMap<Entry, Refused>;
  /** They were refused: what they would have taken back stays. */
  readonly takeNothingBack: ReadonlySet<Entry>;
}

/** An entry was refused whose links had an effect: all is taken back, and done again without the effect. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly known: Known;

  constructor(known: Known) {
    super('an entry with links was refused');
    this.known = known;
  }
}

/** Each is a whole writing of the Bundle, under the lock of the practice. */
const MOST_ATTEMPTS = 3;

/**
 * Loads entries, and merges or takes apart what the links of Patients among them say: of those that are written. What was
 * refused, by the loader or by validation, changes nothing of whose record is whose.
 */
export async function loadLinked(
  deps: Deps,
  names: Names,
  entries: ReadonlyMap<Entry, Placed>,
  faults: ReadonlyMap<Entry, Refused>,
): Promise<LoadedLinked> {
  let known: Known = { faults, takeNothingBack: new Set() };
  for (let left = MOST_ATTEMPTS - 1; ; left -= 1) {
    // What can't be settled in so many is not taken back at all.
    const now = left > 0 ? known : { ...known, takeNothingBack: new Set(entries.keys()) };
    try {
      return await nested(deps.tx).transaction((tx) => attempt({ ...deps, tx }, names, entries, now, left === 0));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      known = error.known;
    }
  }
}

async function attempt(
  deps: Deps,
  names: Names,
  entries: ReadonlyMap<Entry, Placed>,
  known: Known,
  isLast: boolean,
): Promise<LoadedLinked> {
  const faults = new Map(known.faults);
  const { merges, takenBack } = await linksOf(deps, names, entries, { faults, not: known.takeNothingBack });
  const loaded = await loadEntries(
    deps,
    names,
    [...entries.keys()].filter((entry) => !faults.has(entry)),
  );
  const isWritten = (entry: Entry) => !faults.has(entry) && !loaded.reasons.has(entry.at);
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
  for (const [entry, fault] of unmerged) faults.set(entry, fault);
  await notSaidAnyMore(
    deps,
    names,
    [...entries].filter(([entry, { key }]) => key.type === 'Patient' && isWritten(entry)),
  );
  return { ...loaded, faults };
}

/** @returns which could not be, and why */
async function mergeLinked(deps: Deps, merges: readonly Said[]): Promise<ReadonlyMap<Entry, Refused>> {
  const faults = new Map<Entry, Refused>();
  for (const { entry, asked } of merges) {
    const done = await mergePatients(deps, asked);
    if ('refused' in done) faults.set(entry, refused(422, 'business-rule', done.refused, 'waiting'));
  }
  return faults;
}

/** What the operator took apart a feed may link anew when it has once sent the Patient without the link. */
async function notSaidAnyMore(
  { tx, origin }: Deps,
  names: Names,
  patients: readonly (readonly [Entry, Placed])[],
): Promise<void> {
  const ids = patients.map(([, { id }]) => id);
  const apart = await patientsTakenApart(tx, origin.practiceId, ids);
  for (const [{ value }, { id }] of patients) {
    const recordId = apart.get(id);
    if (recordId === undefined) continue;
    const links = patientLinks(withFinalIds(names, value)).filter(({ patientId }) => isUuid(patientId));
    for (const link of ['replaced-by', 'replaces'] as const) {
      const still = links.filter(({ type }) => type === link).map(({ patientId }) => patientId);
      await linksLeftOut(tx, recordId, link, still);
    }
  }
}
