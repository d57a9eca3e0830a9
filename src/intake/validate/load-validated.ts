import type { ValidationIssue } from '../../validation/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { rejectEntry } from '../import-report.ts';
import { type ImportLoadDeps, load } from '../load/load.ts';
import type { PreparedResource } from '../prepare/prepare.ts';
import { checkDocumentTypes } from './document-types.ts';
import type { Validation } from './open-validation.ts';
import { isError, type ResourceValidationResult, storeValidationIssues } from './validation-issues.ts';

export interface ValidatedLoadDeps extends ImportLoadDeps {
  /** Validation of resources. undefined means that they are not validated. */
  readonly validation?: Validation | undefined;
  /**
   * Called for each entry with validation issues. The issues of a rejected entry are only those that caused the
   * rejection.
   */
  readonly onIssues?: (entry: ImportEntry, issues: readonly ValidationIssue[], refused: boolean) => void;
}

/**
 * Validates resources and stores them like `load`. In `warn` mode, the issues of stored resources are recorded, and
 * only entries that can't be read as FHIR at all are rejected. In `strict` mode, entries with errors are rejected
 * before they are loaded.
 * @param expected patients whose Patient resource may come later in the input
 * @returns resources about such patients, which must be loaded later
 */
export async function loadValidated(
  deps: ValidatedLoadDeps,
  prepared: readonly PreparedResource[],
  expected?: ReadonlySet<string>,
): Promise<readonly PreparedResource[]> {
  return loadWithIssues(deps, await validatePrepared(deps, prepared), expected);
}

/** Validates resources, and rejects those with issues that the validation mode doesn't allow. */
export async function validatePrepared(
  { validation, tally, onIssues }: Pick<ValidatedLoadDeps, 'validation' | 'tally' | 'onIssues'>,
  prepared: readonly PreparedResource[],
): Promise<ValidationOutcome> {
  if (validation === undefined) return { prepared, validated: undefined };
  const results: ValidatedEntry[] = [];
  for (const one of prepared) results.push(await validateEntry(validation, one));
  const isRejected = validation.strict ? isError : isUnreadable;
  const accepted: ValidatedEntry[] = [];
  for (const one of results) {
    const rejectingIssues = one.issues.filter(isRejected);
    if (rejectingIssues.length > 0)
      rejectEntry(tally, one.preparedResource.entry, summarizeIssuesText(rejectingIssues));
    else accepted.push(one);
    if (one.issues.length > 0)
      onIssues?.(
        one.preparedResource.entry,
        rejectingIssues.length > 0 ? rejectingIssues : one.issues,
        rejectingIssues.length > 0,
      );
  }
  return { prepared: accepted.map(({ preparedResource }) => preparedResource), validated: accepted };
}

export interface ValidationOutcome {
  readonly prepared: readonly PreparedResource[];
  /** Accepted entries with their issues; undefined if validation is off. */
  readonly validated: readonly ValidatedEntry[] | undefined;
}

export async function loadWithIssues(
  deps: ValidatedLoadDeps,
  { prepared, validated: accepted }: ValidationOutcome,
  expected?: ReadonlySet<string>,
): Promise<readonly PreparedResource[]> {
  if (accepted === undefined) return load(deps, prepared, expected);
  const { tally, origin, clock } = deps;
  const rejectedBefore = tally.refused.length;
  const deferred = await load(deps, prepared, expected);
  const unstored = new Set(tally.refused.slice(rejectedBefore).map(entryPosition));
  const deferredSet = new Set(deferred);
  const stored = accepted.filter(
    ({ preparedResource }) =>
      !deferredSet.has(preparedResource) && !unstored.has(entryPosition(preparedResource.entry)),
  );
  await storeValidationIssues(
    deps.db,
    origin,
    clock.now(),
    stored.flatMap(({ results }) => results),
  );
  const withIssues = stored.filter(({ issues }) => issues.length > 0).length;
  tally.faulty = (tally.faulty ?? 0) + withIssues;
  return deferred;
}

interface ValidatedEntry {
  readonly preparedResource: PreparedResource;
  /** Resources that are stored for this entry, each with its own validation issues. */
  readonly results: readonly ResourceValidationResult[];
  /** All validation issues of the entry, as its sender sees them. */
  readonly issues: readonly ValidationIssue[];
}

async function validateEntry(validation: Validation, one: PreparedResource): Promise<ValidatedEntry> {
  const { resource, documents } = one.store;
  const issues = [
    ...(await validation.validate(resource)),
    ...(await checkDocumentTypes(resource.resourceType, documents)),
  ];
  const own = { type: resource.resourceType, id: resource.id, issues };
  const results: ResourceValidationResult[] = [own];
  for (const copy of one.medications ?? [])
    results.push({ type: copy.resourceType, id: copy.id, issues: await validation.validate(copy) });
  const medicationIssues = results
    .slice(1)
    .flatMap(({ issues }) => issues.map((issue) => toReferrerIssue(issue, own.type)));
  return { preparedResource: one, results, issues: [...own.issues, ...medicationIssues] };
}

/**
 * Moves a validation issue of a Medication to the resource that refers to it, because the two are stored together or
 * not at all.
 */
const toReferrerIssue = (issue: ValidationIssue, type: string): ValidationIssue => ({
  ...issue,
  path: `${type}.medication`,
  text: `${issue.path}: ${issue.text}`,
});
const isUnreadable = ({ unreadable }: ValidationIssue): boolean => unreadable === true;
const entryPosition = ({ file, at }: Pick<ImportEntry, 'file' | 'at'>): string => `${file}\n${at}`;

const MAX_LISTED_ISSUES = 3;

/** Describes the first validation issues in words, without values of the resource. */
function summarizeIssuesText(issues: readonly ValidationIssue[]): string {
  const listedIssues = issues.slice(0, MAX_LISTED_ISSUES).map(({ path, text }) => `${path}: ${text}`);
  const more = issues.length > MAX_LISTED_ISSUES ? ` And ${issues.length - MAX_LISTED_ISSUES} more.` : '';
  return `The resource isn’t valid. ${listedIssues.join(' ')}${more}`;
}
