import { Anchor, Code, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { OrganisationBadge } from '../organisation-badge.tsx';
import classes from './app.module.css';
import { Section } from './section.tsx';

/** Shows facts about an app, such as its developer and the number of patients who use it. */
export function AppFacts({ review }: { readonly review: AppReviewResponse }) {
  const messages = useAdminMessages();
  const { app, queue } = messages.review;
  const when = useDates();
  const { clientId, createdAt, organisation, registeredBy } = review.app;
  return (
    <Section title={app.facts}>
      <dl className={classes['terms']}>
        {organisation === null ? (
          <>
            <Fact name={queue.organisation}>{messages.review.noOrganisation[registeredBy]}</Fact>
            <Fact name={app.how}>{app.origins[registeredBy]}</Fact>
            <Fact name={app.developer}>{review.developer ?? app.noDeveloper}</Fact>
          </>
        ) : (
          <>
            <Fact name={queue.organisation}>
              <Anchor
                component={Link}
                to={`/review/organisations?${new URLSearchParams({ text: organisation.name })}`}
                size="sm"
                underline="always"
              >
                {organisation.name}
              </Anchor>
              <Text component="span" display="block" mt={4}>
                <OrganisationBadge verifiedAt={organisation.verifiedAt} />
              </Text>
              <Text component="span" display="block" size="xs" c="dimmed" mt={4}>
                {organisation.verifiedAt === null
                  ? app.identity.unverified
                  : app.identity.verified(when.day(organisation.verifiedAt))}{' '}
                {app.identity.meaning}
              </Text>
            </Fact>
            <Fact name={app.domain}>{organisation.domain ?? app.noDomain}</Fact>
          </>
        )}
        {review.people.length === 0 ? null : (
          <Fact name={app.people}>
            {review.people.map(({ name, email }) => (
              <Text key={`${name} ${email}`} component="span" display="block" size="sm">
                {name}{' '}
                {email === null ? null : (
                  <Anchor href={`mailto:${email}`} size="sm" underline="always">
                    {email}
                  </Anchor>
                )}
              </Text>
            ))}
          </Fact>
        )}
        <Fact name={app.clientId}>
          <Code>{clientId}</Code>
        </Fact>
        <Fact name={app.registered}>{when.day(createdAt)}</Fact>
        <Fact name={app.connected}>{review.connectedPatients}</Fact>
      </dl>
    </Section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
