import type { AppDraft, AppResponse } from '../../../../src/portal-api/contract/apps.ts';
import { splitScopes } from '../draft/scopes.ts';

/** Fields of an app's draft in the order of the form. */
const FIELDS = [
  'name',
  'description',
  'website',
  'redirectUris',
  'launchUri',
  'apis',
  'scope',
  'auth',
  'jwks',
  'jwksUri',
  'dpopBound',
  'requireAud',
  'dataUse',
  'policyUri',
  'termsUri',
  'listed',
  'category',
  'initiateLoginUri',
] as const satisfies readonly (keyof AppDraft)[];
export type DraftField = (typeof FIELDS)[number];

/** Returns the fields that differ between two drafts of an app. The order of the values in a list doesn't matter. */
export const changedFields = (before: AppDraft, after: AppDraft): readonly DraftField[] =>
  FIELDS.filter((field) => comparable(field, before[field]) !== comparable(field, after[field]));

function comparable(field: DraftField, value: unknown): string {
  const items = listItems(field, value);
  if (items !== undefined) return JSON.stringify([...items].sort());
  if (field === 'dataUse') return JSON.stringify(Object.entries(value as object).sort());
  return JSON.stringify(value ?? '');
}

const listItems = (field: DraftField, value: unknown): readonly string[] | undefined =>
  field === 'scope'
    ? splitScopes(String(value))
    : field === 'redirectUris' || field === 'apis'
      ? (value as readonly string[])
      : undefined;

const REVIEWED_FIELDS: readonly DraftField[] = [
  'name',
  'redirectUris',
  'launchUri',
  'scope',
  'apis',
  'policyUri',
  'termsUri',
  'initiateLoginUri',
  'dataUse',
];

/**
 * Predicts whether the change of a field needs a review; the server decides. On an active app a change that only
 * removes something needs none.
 */
export function needsReview(app: AppResponse, draft: AppDraft, field: DraftField): boolean {
  if (!REVIEWED_FIELDS.includes(field)) return false;
  const works = app.state === 'active' || app.state === 'suspended';
  if (!works) return true;
  if ((field === 'launchUri' || field === 'initiateLoginUri') && !draft[field]) return false;
  const [now, changed] = [listItems(field, app.terms[field]), listItems(field, draft[field])];
  if (now === undefined || changed === undefined)
    return comparable(field, app.terms[field]) !== comparable(field, draft[field]);
  return !changed.every((one) => now.includes(one));
}
