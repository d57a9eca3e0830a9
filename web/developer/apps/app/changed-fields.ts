import type { AppAnswer, AppDraft } from '../../../../src/portal/contract/apps.ts';
import { scopesOf } from '../draft/scopes.ts';

/** Fields in the order of the form. */
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
] as const satisfies readonly (keyof AppDraft)[];
export type Field = (typeof FIELDS)[number];

/** Fields that differ between two drafts. The order of list values doesn't matter. */
export const changedFields = (before: AppDraft, after: AppDraft): readonly Field[] =>
  FIELDS.filter((field) => plain(field, before[field]) !== plain(field, after[field]));

function plain(field: Field, value: unknown): string {
  const parts = partsOf(field, value);
  if (parts !== undefined) return JSON.stringify([...parts].sort());
  if (field === 'dataUse') return JSON.stringify(Object.entries(value as object).sort());
  return JSON.stringify(value ?? '');
}

const partsOf = (field: Field, value: unknown): readonly string[] | undefined =>
  field === 'scope'
    ? scopesOf(String(value))
    : field === 'redirectUris' || field === 'apis'
      ? (value as readonly string[])
      : undefined;

const REVIEWED: readonly Field[] = [
  'name',
  'redirectUris',
  'launchUri',
  'scope',
  'apis',
  'policyUri',
  'termsUri',
  'dataUse',
];

/**
 * Predicts whether a change needs a review; the server decides. Changes that only remove something from an active app
 * need none.
 */
export function waitsForReview(app: AppAnswer, draft: AppDraft, field: Field): boolean {
  if (!REVIEWED.includes(field)) return false;
  const works = app.state === 'active' || app.state === 'suspended';
  if (!works) return true;
  if (field === 'launchUri' && draft.launchUri === '') return false;
  const [now, changed] = [partsOf(field, app.terms[field]), partsOf(field, draft[field])];
  if (now === undefined || changed === undefined) return plain(field, app.terms[field]) !== plain(field, draft[field]);
  return !changed.every((one) => now.includes(one));
}
