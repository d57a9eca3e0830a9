import type { Executor } from '../../database/index.ts';
import type { OrganisationId } from '../../kernel/index.ts';
import { findOrganisationOfDomain, type MemberRole } from '../../registry/index.ts';
import { organisationDomain } from './email-domain.ts';
import type { SignUp } from './store.ts';

/**
 * How a person who signs up gets an organization: by invitation, by asking the organization of their
 * email domain, or by founding one.
 */
export type Place =
  | {
      readonly kind: 'invited';
      readonly organisationId: OrganisationId;
      readonly organisationName: string;
      readonly role: MemberRole;
    }
  | { readonly kind: 'asks'; readonly organisationId: OrganisationId; readonly organisationName: string }
  | { readonly kind: 'founds'; readonly domain: string | undefined };

export async function placeOf(db: Executor, { email, invitation }: SignUp): Promise<Place> {
  if (invitation !== undefined) return { kind: 'invited', ...invitation };
  const domain = organisationDomain(email);
  const existing = domain === undefined ? undefined : await findOrganisationOfDomain(db, domain);
  if (existing === undefined) return { kind: 'founds', domain };
  return { kind: 'asks', organisationId: existing.organisationId, organisationName: existing.name };
}
