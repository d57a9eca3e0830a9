import { parseScopes } from '../../access/index.ts';
import type { AppKind } from '../../domain/index.ts';

/**
 * Returns whether two administrators must approve an app. `system/` scopes cover the data of
 * everyone at a practice, which one person must not release alone.
 */
export const needsTwoApprovers = ({ scope }: { readonly scope: string }): boolean =>
  parseScopes(scope).scopes.some((one) => one.kind === 'resource' && one.context === 'system');

/**
 * Returns whether the server may approve an app without an administrator:
 * PATIENT_APP_REVIEW=automatic is set, the organization is verified, and the app is a patient app
 * that requests no `user/` or `system/` scopes.
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
