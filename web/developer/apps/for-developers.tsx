import { Button, Group } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import type { SessionAnswer } from '../../../src/portal/contract/session.ts';
import { signInAddress } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.ts';
import { Empty } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';

export type Membership = NonNullable<SessionAnswer['person']>['memberships'][number];

/** The organization named in the URL, or the developer's first one. */
export function useMembership(): readonly [Membership | undefined, readonly Membership[]] {
  const { person } = useSession();
  const [search] = useSearchParams();
  const memberships = person?.memberships ?? [];
  const requestedId = search.get('organisation');
  return [memberships.find(({ organisationId }) => organisationId === requestedId) ?? memberships[0], memberships];
}

/** Shows its content to members of an organization, and tells others how to become one. */
export function ForDevelopers({
  title,
  children,
}: {
  readonly title: string;
  readonly children: (membership: Membership, all: readonly Membership[]) => React.ReactNode;
}) {
  const { apps, shell } = useWords();
  const { person } = useSession();
  const [membership, all] = useMembership();
  if (membership !== undefined) return children(membership, all);
  const why = person === null ? apps.signedOut : person.kind === 'developer' ? apps.noOrganisation : apps.notDeveloper;
  return (
    <Page title={title}>
      <Empty title={why.title} text={why.text}>
        {person === null ? (
          <Group gap="sm" mt="sm">
            <Button component="a" href={signInAddress()}>
              {shell.signIn}
            </Button>
            <Button component="a" href="/developer/sign-up" variant="default">
              {shell.signUp}
            </Button>
          </Group>
        ) : person.kind === 'developer' ? (
          <Button component={Link} to="/developer/organisation" mt="sm">
            {apps.noOrganisation.go}
          </Button>
        ) : null}
      </Empty>
    </Page>
  );
}
