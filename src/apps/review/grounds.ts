import type { AppKind } from '../../domain/index.ts';

/** Grounds for rejecting, suspending or retiring an app. */
export type ReviewGround = 'authenticity' | 'security-risk' | 'terms-broken' | 'asked-by-developer' | 'other';
export type DenialAction = 'reject' | 'suspend' | 'retire';

/**
 * Returns the allowed grounds for a decision against an app. Patients choose their apps, so a
 * patient app may be rejected only because its developer is not authentic or for a documented
 * security risk to this system (45 CFR 170.404(b)(1)(i), 171.203). To suspend a patient app on
 * other grounds would circumvent that rule. Practices choose the apps of their staff and systems,
 * so these apps may also be rejected on other grounds.
 */
export function allowedGrounds(kind: AppKind, action: DenialAction): readonly ReviewGround[] {
  const always: readonly ReviewGround[] = ['authenticity', 'security-risk'];
  const more: readonly ReviewGround[] = kind === 'patient' ? [] : ['terms-broken', 'other'];
  return action === 'retire' ? [...always, ...more, 'asked-by-developer'] : [...always, ...more];
}
