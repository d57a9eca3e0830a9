import { addMember, createOrganisation, findOrganisationOfDomain, requestToJoin } from '../apps/index.ts';
import type { Executor } from '../database/index.ts';
import type { AccountId, OrganisationId } from '../kernel/index.ts';
import {
  type ComposeEmail,
  notifyOfJoinRequest,
  type OrganisationEmailDeps,
  type PortalContext,
  portalAddress,
} from '../portal-api/index.ts';
import type { OrganisationMatch } from './organisation-match.ts';

type NewOrganisationDeps = Pick<PortalContext, 'clock' | 'random'> & OrganisationEmailDeps;

interface NewMember {
  readonly accountId: AccountId;
  readonly name: string;
  readonly email: string;
  /** Name of the organization that the person founds. Not used if the person joins one. */
  readonly organisation: string;
}

export interface JoinResult {
  readonly how: OrganisationMatch['kind'];
  readonly organisationId: OrganisationId;
  /** Composes the welcome email for the new account. */
  readonly welcome: ComposeEmail;
}

/**
 * Adds a new account to an organization. If two people found an organization for the same email
 * domain at once, one of them founds it and the other asks to join.
 */
export async function joinOrCreateOrganisation(
  tx: Executor,
  deps: NewOrganisationDeps,
  match: OrganisationMatch,
  newcomer: NewMember,
): Promise<JoinResult> {
  const { accountId } = newcomer;
  const now = deps.clock.now();
  if (match.kind === 'asks') return requestToJoinOrganisation(tx, deps, match, newcomer);
  if (match.kind === 'invited') {
    const { organisationId, role } = match;
    await addMember(tx, { organisationId, accountId, role, now });
    return { how: 'invited', organisationId, welcome: composeWelcome(deps) };
  }
  const organisationId = deps.random.uuid() as OrganisationId;
  const { domain } = match;
  // The form didn't ask for an organization name if the email domain belonged to an organization
  // when the form was shown. The new organization is then named after the domain or, without a
  // domain, after the person.
  const name = newcomer.organisation || domain || newcomer.name;
  const founded = { organisationId, name, domain, website: undefined, founder: accountId, now };
  if (await createOrganisation(tx, founded)) return { how: 'founds', organisationId, welcome: composeWelcome(deps) };
  const existing = await findOrganisationOfDomain(tx, domain ?? '');
  if (existing === undefined) throw new Error('the organization of the domain was deleted in the meantime');
  return requestToJoinOrganisation(
    tx,
    deps,
    { organisationId: existing.organisationId, organisationName: existing.name },
    newcomer,
  );
}

async function requestToJoinOrganisation(
  tx: Executor,
  deps: NewOrganisationDeps,
  { organisationId, organisationName }: { organisationId: OrganisationId; organisationName: string },
  { accountId, name, email }: NewMember,
): Promise<JoinResult> {
  await requestToJoin(tx, { organisationId, accountId, now: deps.clock.now() });
  await notifyOfJoinRequest(tx, deps, { organisationId, organisationName, name, email });
  const facts = { organisation: organisationName, portal: portalAddress(deps), docs: docsAddress(deps) };
  return { how: 'asks', organisationId, welcome: (mail) => mail.joinPending(facts) };
}

const docsAddress = ({ publicUrl }: OrganisationEmailDeps): string => `${publicUrl}/docs`;

function composeWelcome(deps: OrganisationEmailDeps): ComposeEmail {
  const links = { portal: portalAddress(deps), docs: docsAddress(deps) };
  return (mail) => mail.welcome(links);
}
