import {
  approveAutomatically,
  lockApp,
  type SubmissionResult,
  submitVersion,
  updateSecretForAuthMethod,
} from '../../apps/index.ts';
import type { App, AppTerms } from '../../domain/index.ts';
import { isObject } from '../../kernel/index.ts';
import type { AppDraft } from '../../portal-api/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import type { AppChangeContext } from './change-app.ts';
import { assertNoIssues, checkDraft } from './check-draft.ts';
import { draftToTerms, toDraft } from './draft.ts';

export interface DraftSubmission {
  readonly waits: string[];
  readonly applied: string[];
  readonly clientSecret: string | null;
}

/**
 * Changes an app to the draft that a developer edited. Throws `fields-invalid` for errors in the
 * draft, and `proof-needed` if credentials change and the developer didn't authenticate recently.
 */
export async function submitDraft(
  deps: SubmissionDeps,
  changing: AppChangeContext,
  draft: AppDraft,
): Promise<DraftSubmission> {
  const { tx, app, by, record } = changing;
  assertNoIssues(await checkDraft(tx, draft, app, { ...deps, app }));
  const wanted = draftToTerms(draft, app);
  if (differingDraftFields(app, wanted, CREDENTIAL_FIELDS).length > 0) changing.requireProof();
  const outcome = await submitVersion(tx, deps, app, { wanted, by });
  const clientSecret = await updateSecretForAuthMethod(tx, deps, app, wanted.auth);
  if (clientSecret !== undefined) await record('secret-made', {});
  return { ...(await completeSubmission(deps, changing, outcome)), clientSecret: clientSecret ?? null };
}

/**
 * Completes the change of an app: approves the new version if the server may do so without an
 * administrator, and records the changed fields. Returns which fields wait for a review and which
 * are in effect.
 */
export async function completeSubmission(
  deps: SubmissionDeps,
  { tx, app, record }: Pick<AppChangeContext, 'tx' | 'app' | 'record'>,
  { waits, version }: SubmissionResult,
): Promise<Pick<DraftSubmission, 'waits' | 'applied'>> {
  const after = await lockApp(tx, deps.clock, app.clientId);
  const approved = await approveAutomatically(tx, deps, after);
  const now = approved ? await lockApp(tx, deps.clock, app.clientId) : after;
  const applied = changedFields(app, now);
  if (applied.length > 0) await record('changed', { fields: applied }, version);
  return { waits: approved ? [] : [...waits], applied };
}

function changedFields(before: App, now: App): string[] {
  const logoChange = before.logoVersion === now.logoVersion ? [] : ['logo'];
  return [
    ...differingDraftFields(before, now, Object.keys({ ...toDraft(before), ...toDraft(now) }) as DraftFieldName[]),
    ...logoChange,
  ];
}

type DraftFieldName = keyof AppDraft;
/** Fields of a draft that determine how the app authenticates. */
const CREDENTIAL_FIELDS = ['auth', 'jwks', 'jwksUri', 'dpopBound'] as const;

function differingDraftFields(one: AppTerms, other: AppTerms, fields: readonly DraftFieldName[]): string[] {
  const [before, after] = [toDraft(one), toDraft(other)];
  return fields.filter((field) => toCanonicalJson(before[field]) !== toCanonicalJson(after[field]));
}

/**
 * Serializes a value with sorted object members, so that equal values give equal text: PostgreSQL
 * (jsonb) doesn't keep the order of members.
 */
const toCanonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_name, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  ) ?? '';
