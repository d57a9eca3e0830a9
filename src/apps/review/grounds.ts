import { parseScopes } from '../../access/index.ts';
import type { AppKind } from '../../domain/index.ts';

/** Grounds for rejecting, suspending or retiring an app. */
export type ReviewGround = 'authenticity' | 'security-risk' | 'terms-broken' | 'asked-by-developer' | 'other';
export type DenialAction = 'reject' | 'suspend' | 'retire';

/**
 * Returns the allowed grounds for a decision against an app. Patients choose their apps, so a
 * patient app may be rejected only because its developer is not authentic or for a documented
 * security risk to this system (45 CFR 170.404(b)(1)(i), 171.203). Suspending it for less would
 * circumvent that rule. Practices choose the apps of their staff and systems, so these apps may
 * also be rejected for other reasons.
 */
export function allowedGrounds(kind: AppKind, action: DenialAction): readonly ReviewGround[] {
  const always: readonly ReviewGround[] = ['authenticity', 'security-risk'];
  const more: readonly ReviewGround[] = kind === 'patient' ? [] : ['terms-broken', 'other'];
  return action === 'retire' ? [...always, ...more, 'asked-by-developer'] : [...always, ...more];
}

/**
 * Returns whether two administrators must approve an app. `system/` scopes cover the data of
 * everyone at a practice, which one person must not release alone.
 */
export const needsTwoApprovers = ({ scope }: { readonly scope: string }): boolean =>
  parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'system');

/**
 * Returns whether the server may approve an app without an administrator:
 * PATIENT_APP_REVIEW=automatic is set, the organization is verified, and a patient app requests no
 * `user/` or `system/` scopes.
 */
export const isApprovedAutomatically = (
  mode: 'manual' | 'automatic',
  terms: { readonly kind: AppKind; readonly scope: string },
  organisation: { readonly verifiedAt: Date | undefined } | undefined,
): boolean =>
  mode === 'automatic' &&
  organisation?.verifiedAt !== undefined &&
  terms.kind === 'patient' &&
  parseScopes(terms.scope).scopes.every((one) => one.kind === 'named' || one.context === 'patient');
