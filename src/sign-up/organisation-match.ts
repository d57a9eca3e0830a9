import { findOrganisationOfDomain, type OrganisationRole } from '../apps/index.ts';
import type { Executor } from '../database/index.ts';
import type { OrganisationId } from '../kernel/index.ts';
import { organisationDomain } from './email-domain.ts';
import type { SignUp } from './sign-up-store.ts';

/**
 * How a person who signs up gets an organization: the person was invited, asks to join the
 * organization of their email domain, or founds one.
 */
export type OrganisationMatch =
  | {
      readonly kind: 'invited';
      readonly organisationId: OrganisationId;
      readonly organisationName: string;
      readonly role: OrganisationRole;
    }
  | { readonly kind: 'asks'; readonly organisationId: OrganisationId; readonly organisationName: string }
  | { readonly kind: 'founds'; readonly domain: string | undefined };

export async function matchOrganisation(db: Executor, { email, invitation }: SignUp): Promise<OrganisationMatch> {
  if (invitation !== undefined) return { kind: 'invited', ...invitation };
  const domain = organisationDomain(email);
  const existing = domain === undefined ? undefined : await findOrganisationOfDomain(db, domain);
  if (existing === undefined) return { kind: 'founds', domain };
  return { kind: 'asks', organisationId: existing.organisationId, organisationName: existing.name };
}
