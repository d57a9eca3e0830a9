import type { Issue } from '../../validation/index.ts';
import type { Entry } from '../entry.ts';
import { type LoadDeps, load } from '../load.ts';
import type { Prepared } from '../prepare.ts';
import { refuse } from '../report.ts';
import { type Judged, keepFaults } from './faults.ts';
import type { Validation } from './validation.ts';

export interface ValidatedLoadDeps extends LoadDeps {
  /** undefined: resources are not validated. */
  readonly validation?: Validation | undefined;
  /** Called for each entry with issues. For a rejected entry, the issues are those that caused the rejection. */
  readonly found?: (entry: Entry, issues: readonly Issue[], refused: boolean) => void;
}

/**
 * Like `load`, with validation. In `warn` mode, issues of stored resources are recorded, and only entries that can't be
 * read as FHIR at all are rejected. In `strict` mode, entries with errors are rejected before they are loaded.
 * @param expected pending patients, see `load`
 * @returns deferred resources, see `load`
 */
export async function loadValidated(
  deps: ValidatedLoadDeps,
  prepared: readonly Prepared[],
  expected?: ReadonlySet<string>,
): Promise<readonly Prepared[]> {
  return loadJudged(deps, await judge(deps, prepared), expected);
}

/** Validates the resources, and rejects those that the mode doesn't allow. */
export async function judge(
  { validation, tally, found }: Pick<ValidatedLoadDeps, 'validation' | 'tally' | 'found'>,
  prepared: readonly Prepared[],
): Promise<Judgement> {
  if (validation === undefined) return { prepared, looked: undefined };
  const results: Looked[] = [];
  for (const one of prepared) results.push(await lookAt(validation, one));
  const isRejected = validation.strict ? isError : isUnreadable;
  const accepted: Looked[] = [];
  for (const one of results) {
    const rejectingIssues = one.issues.filter(isRejected);
    if (rejectingIssues.length > 0) refuse(tally, one.one.entry, inShort(rejectingIssues));
    else accepted.push(one);
    if (one.issues.length > 0)
      found?.(one.one.entry, rejectingIssues.length > 0 ? rejectingIssues : one.issues, rejectingIssues.length > 0);
  }
  return { prepared: accepted.map(({ one }) => one), looked: accepted };
}

export interface Judgement {
  readonly prepared: readonly Prepared[];
  /** undefined when validation is off. */
  readonly looked: readonly Looked[] | undefined;
}

export async function loadJudged(
  deps: ValidatedLoadDeps,
  { prepared, looked: accepted }: Judgement,
  expected?: ReadonlySet<string>,
): Promise<readonly Prepared[]> {
  if (accepted === undefined) return load(deps, prepared, expected);
  const { tally, origin, clock } = deps;
  const rejectedBefore = tally.refused.length;
  const deferred = await load(deps, prepared, expected);
  const unstored = new Set(tally.refused.slice(rejectedBefore).map(placeOf));
  const deferredSet = new Set(deferred);
  const stored = accepted.filter(({ one }) => !deferredSet.has(one) && !unstored.has(placeOf(one.entry)));
  await keepFaults(
    deps.db,
    origin,
    clock.now(),
    stored.flatMap(({ parts }) => parts),
  );
  const withIssues = stored.filter(({ issues }) => issues.length > 0).length;
  tally.faulty = (tally.faulty ?? 0) + withIssues;
  return deferred;
}

interface Looked {
  readonly one: Prepared;
  /** Stored resources of the entry, each with its own issues. */
  readonly parts: readonly Judged[];
  /** All issues of the entry, as reported to its sender. */
  readonly issues: readonly Issue[];
}

async function lookAt(validation: Validation, one: Prepared): Promise<Looked> {
  const { resource } = one.store;
  const own = { type: resource.resourceType, id: resource.id, issues: await validation.judge(resource) };
  const parts: Judged[] = [own];
  for (const copy of one.medications ?? [])
    parts.push({ type: copy.resourceType, id: copy.id, issues: await validation.judge(copy) });
  const medicationIssues = parts.slice(1).flatMap(({ issues }) => issues.map((issue) => ofMedication(issue, own.type)));
  return { one, parts, issues: [...own.issues, ...medicationIssues] };
}

/**
 * Reports an issue of an inlined Medication at the resource that refers to it. The two are stored together or not at
 * all.
 */
const ofMedication = (issue: Issue, type: string): Issue => ({
  ...issue,
  path: `${type}.medication`,
  text: `${issue.path}: ${issue.text}`,
});

const isError = ({ severity }: Issue): boolean => severity === 'error';
const isUnreadable = ({ unreadable }: Issue): boolean => unreadable === true;
const placeOf = ({ file, at }: Pick<Entry, 'file' | 'at'>): string => `${file}\n${at}`;

const SHOWN = 3;

/** Describes the first issues without revealing values. */
function inShort(issues: readonly Issue[]): string {
  const shownIssues = issues.slice(0, SHOWN).map(({ path, text }) => `${path}: ${text}`);
  const more = issues.length > SHOWN ? ` And ${issues.length - SHOWN} more.` : '';
  return `It is not valid. ${shownIssues.join(' ')}${more}`;
}
