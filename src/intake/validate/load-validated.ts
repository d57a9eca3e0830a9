import type { Issue } from '../../validation/index.ts';
import type { Entry } from '../entry.ts';
import { type LoadDeps, load } from '../load.ts';
import type { Prepared } from '../prepare.ts';
import { refuse } from '../report.ts';
import { type Judged, keepFaults } from './faults.ts';
import type { Validation } from './validation.ts';

export interface ValidatedLoadDeps extends LoadDeps {
  /** undefined: nothing is validated. */
  readonly validation?: Validation | undefined;
  /** Told of each entry in which something was found; of one that is refused, what it is refused for. */
  readonly found?: (entry: Entry, issues: readonly Issue[], refused: boolean) => void;
}

/**
 * As `load`, by the mode of validation: `warn` keeps what is wrong with what was stored, and refuses what can't be read as
 * FHIR at all; `strict` refuses what has an error before it comes to that.
 */
export async function loadValidated(
  deps: ValidatedLoadDeps,
  prepared: readonly Prepared[],
  expected?: ReadonlySet<string>,
): Promise<readonly Prepared[]> {
  return loadJudged(deps, await judge(deps, prepared), expected);
}

/** What validation lets pass, and what it found in it; the rest is refused. */
export async function judge(
  { validation, tally, found }: Pick<ValidatedLoadDeps, 'validation' | 'tally' | 'found'>,
  prepared: readonly Prepared[],
): Promise<Judgement> {
  if (validation === undefined) return { prepared, looked: undefined };
  const judged: Looked[] = [];
  for (const one of prepared) judged.push(await lookAt(validation, one));
  const refuses = validation.strict ? isError : isUnreadable;
  const looked: Looked[] = [];
  for (const one of judged) {
    const faults = one.issues.filter(refuses);
    if (faults.length > 0) refuse(tally, one.one.entry, inShort(faults));
    else looked.push(one);
    if (one.issues.length > 0) found?.(one.one.entry, faults.length > 0 ? faults : one.issues, faults.length > 0);
  }
  return { prepared: looked.map(({ one }) => one), looked };
}

export interface Judgement {
  readonly prepared: readonly Prepared[];
  /** undefined: nothing is validated. */
  readonly looked: readonly Looked[] | undefined;
}

export async function loadJudged(
  deps: ValidatedLoadDeps,
  { prepared, looked }: Judgement,
  expected?: ReadonlySet<string>,
): Promise<readonly Prepared[]> {
  if (looked === undefined) return load(deps, prepared, expected);
  const { tally, origin, clock } = deps;
  const before = tally.refused.length;
  const early = await load(deps, prepared, expected);
  const unstored = new Set(tally.refused.slice(before).map(placeOf));
  const later = new Set(early);
  const stored = looked.filter(({ one }) => !later.has(one) && !unstored.has(placeOf(one.entry)));
  await keepFaults(
    deps.db,
    origin,
    clock.now(),
    stored.flatMap(({ parts }) => parts),
  );
  const faulty = stored.filter(({ issues }) => issues.length > 0).length;
  tally.faulty = (tally.faulty ?? 0) + faulty;
  return early;
}

interface Looked {
  readonly one: Prepared;
  /** What is stored of it, each with its own issues … */
  readonly parts: readonly Judged[];
  /** … and all of them, as they are told to whoever sent it. */
  readonly issues: readonly Issue[];
}

async function lookAt(validation: Validation, one: Prepared): Promise<Looked> {
  const { resource } = one.store;
  const own = { type: resource.resourceType, id: resource.id, issues: await validation.judge(resource) };
  const parts: Judged[] = [own];
  for (const copy of one.medications ?? [])
    parts.push({ type: copy.resourceType, id: copy.id, issues: await validation.judge(copy) });
  const ofCopies = parts.slice(1).flatMap(({ issues }) => issues.map((issue) => ofMedication(issue, own.type)));
  return { one, parts, issues: [...own.issues, ...ofCopies] };
}

/** What is wrong with the Medication that a resource brings along, which is kept with it or not at all. */
const ofMedication = (issue: Issue, type: string): Issue => ({
  ...issue,
  path: `${type}.medication`,
  text: `${issue.path}: ${issue.text}`,
});

const isError = ({ severity }: Issue): boolean => severity === 'error';
const isUnreadable = ({ unreadable }: Issue): boolean => unreadable === true;
const placeOf = ({ file, at }: Pick<Entry, 'file' | 'at'>): string => `${file}\n${at}`;

const SHOWN = 3;

/** Where and why, without a value. */
function inShort(issues: readonly Issue[]): string {
  const shown = issues.slice(0, SHOWN).map(({ path, text }) => `${path}: ${text}`);
  const more = issues.length > SHOWN ? ` And ${issues.length - SHOWN} more.` : '';
  return `It is not valid. ${shown.join(' ')}${more}`;
}
