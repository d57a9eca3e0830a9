import { parseScopes } from '../../access/index.ts';
import type { AppKind } from '../app.ts';

/** Why an app may be refused or stopped. */
export type Ground = 'authenticity' | 'security-risk' | 'terms-broken' | 'asked-by-developer' | 'other';
export type Refusal = 'reject' | 'suspend' | 'retire';

/**
 * Which app a patient takes is the patient's choice: it is refused only because its developer is not who they say, or for a
 * documented risk to the security of this system. 45 CFR 170.404(b)(1)(i), 171.203. Suspending for less would be the same
 * by another door. Practices choose apps for their staff and their systems, and may be told more.
 */
export function groundsFor(kind: AppKind, refusal: Refusal): readonly Ground[] {
  const always: readonly Ground[] = ['authenticity', 'security-risk'];
  const more: readonly Ground[] = kind === 'patient' ? [] : ['terms-broken', 'other'];
  return refusal === 'retire' ? [...always, ...more, 'asked-by-developer'] : [...always, ...more];
}

/** Whether two administrators have to agree: the data of everybody at a practice is more than one person gives away. */
export const needsTwo = ({ scope }: { readonly scope: string }): boolean =>
  parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'system');

/** Whether the server itself lets an app in: PATIENT_APP_REVIEW=automatic, a developer who is verified, scopes of patients only. */
export const approvesItself = (
  mode: 'manual' | 'automatic',
  terms: { readonly kind: AppKind; readonly scope: string },
  organisation: { readonly verifiedAt: Date | undefined } | undefined,
): boolean =>
  mode === 'automatic' &&
  organisation?.verifiedAt !== undefined &&
  terms.kind === 'patient' &&
  parseScopes(terms.scope).scopes.every((one) => one.kind === 'named' || one.context === 'patient');
