import type { Executor } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';
import { addMember, askToJoin, findOrganisationOfDomain, foundOrganisation } from '../../registry/index.ts';
import type { PortalDeps } from '../deps.ts';
import { portalAddress, type Say, tellOfRequest } from '../organisations/mails.ts';
import type { Place } from './place.ts';

interface Newcomer {
  readonly accountId: AccountId;
  readonly name: string;
  readonly email: string;
  /** Name for the organization, if the person founds one. */
  readonly organisation: string;
}

export interface Settled {
  readonly how: Place['kind'];
  readonly organisationId: OrganisationId;
  /** Composes the welcome email. */
  readonly welcome: Say;
}

/**
 * Adds a new account to its organization. If two people found an organization for the same domain at
 * once, one founds it and the other asks to join.
 */
export async function settlePlace(tx: Executor, deps: PortalDeps, match: Place, newcomer: Newcomer): Promise<Settled> {
  const { accountId } = newcomer;
  const now = deps.clock.now();
  if (match.kind === 'asks') return ask(tx, deps, match, newcomer);
  if (match.kind === 'invited') {
    const { organisationId, role } = match;
    await addMember(tx, { organisationId, accountId, role, now });
    return { how: 'invited', organisationId, welcome: welcome(deps) };
  }
  const organisationId = deps.random.uuid() as OrganisationId;
  const { domain } = match;
  // The name is empty if the domain had an organization when the form was shown.
  const name = newcomer.organisation || domain || newcomer.name;
  const founded = { organisationId, name, domain, website: undefined, founder: accountId, now };
  if (await foundOrganisation(tx, founded)) return { how: 'founds', organisationId, welcome: welcome(deps) };
  const existing = await findOrganisationOfDomain(tx, domain ?? '');
  if (existing === undefined) throw new Error('the organization of the domain went as it came');
  return ask(tx, deps, { organisationId: existing.organisationId, organisationName: existing.name }, newcomer);
}

async function ask(
  tx: Executor,
  deps: PortalDeps,
  { organisationId, organisationName }: { organisationId: OrganisationId; organisationName: string },
  { accountId, name, email }: Newcomer,
): Promise<Settled> {
  await askToJoin(tx, { organisationId, accountId, now: deps.clock.now() });
  await tellOfRequest(tx, deps, { organisationId, organisationName, name, email });
  const facts = { organisation: organisationName, portal: portalAddress(deps), docs: docsAddress(deps) };
  return { how: 'asks', organisationId, welcome: (mail) => mail.waiting(facts) };
}

const docsAddress = ({ publicUrl }: PortalDeps): string => `${publicUrl}/docs`;

function welcome(deps: PortalDeps): Say {
  const links = { portal: portalAddress(deps), docs: docsAddress(deps) };
  return (mail) => mail.welcome(links);
}
