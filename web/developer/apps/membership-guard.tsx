import { Button, Group } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import type { SessionResponse } from '../../../src/portal-api/contract/session.ts';
import { useMessages } from '../../i18n/index.ts';
import { signInUrl } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';

export type OwnMembership = NonNullable<SessionResponse['person']>['memberships'][number];

/**
 * Returns the membership in the organization that the URL names, or else the developer's first membership. Also returns
 * all memberships.
 */
export function useMembership(): readonly [OwnMembership | undefined, readonly OwnMembership[]] {
  const { person } = useSession();
  const [search] = useSearchParams();
  const memberships = person?.memberships ?? [];
  const requestedId = search.get('organisation');
  return [memberships.find(({ organisationId }) => organisationId === requestedId) ?? memberships[0], memberships];
}

/** Shows the content to members of an organization. Tells others how to become one. */
export function MembershipGuard({
  title,
  children,
}: {
  readonly title: string;
  readonly children: (membership: OwnMembership, all: readonly OwnMembership[]) => React.ReactNode;
}) {
  const { apps, shell } = useMessages();
  const { person } = useSession();
  const [membership, all] = useMembership();
  if (membership !== undefined) return children(membership, all);
  const why = person === null ? apps.signedOut : person.kind === 'developer' ? apps.noOrganisation : apps.notDeveloper;
  return (
    <Page title={title}>
      <EmptyState title={why.title} text={why.text}>
        {person === null ? (
          <Group gap="sm" mt="sm">
            <Button component="a" href={signInUrl()}>
              {shell.signIn}
            </Button>
            <Button component="a" href="/developer/sign-up" variant="default">
              {shell.signUp}
            </Button>
          </Group>
        ) : person.kind === 'developer' ? (
          <Button component={Link} to="/developer/organisation" mt="sm">
            {apps.noOrganisation.link}
          </Button>
        ) : null}
      </EmptyState>
    </Page>
  );
}
