import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { BrandsResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import { Findings } from './findings.tsx';
import { History } from './history.tsx';
import { Practices } from './practices.tsx';
import { PublishedBrands } from './published.tsx';

/**
 * Page about the brands bundle of the practices: the published version, problems of the next one, and earlier versions.
 */
export default function BrandsPage() {
  const messages = useAdminMessages().publicPages.brands;
  const { data, error, refetch } = useQuery({
    queryKey: ['brands'],
    queryFn: () => api<BrandsResponse>('GET', '/review/brands'),
    refetchInterval: 15_000,
  });
  return (
    <Page title={messages.title} lead={messages.lead}>
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined ? error === null ? <Loading /> : null : <BrandsSections answer={data} />}
    </Page>
  );
}

function BrandsSections({ answer }: { readonly answer: BrandsResponse }) {
  const messages = useAdminMessages().publicPages.brands;
  return (
    <Stack gap="lg">
      <PublishedBrands answer={answer} />
      <Section title={messages.findings}>
        <Findings findings={answer.findings} />
      </Section>
      <Section title={messages.practices}>
        <Practices practices={answer.practices} />
      </Section>
      <Section title={messages.history}>
        <History versions={answer.history} />
      </Section>
      {answer.addresses === null ? (
        <Text size="sm">{messages.madeUp.notServed}</Text>
      ) : (
        <Addresses addresses={answer.addresses} />
      )}
    </Stack>
  );
}

function Addresses({ addresses }: { readonly addresses: NonNullable<BrandsResponse['addresses']> }) {
  const messages = useAdminMessages().publicPages.brands;
  return (
    <Stack gap={4}>
      <Anchor href={addresses.bundle}>{messages.bundle}</Anchor>
      <Anchor href={addresses.serviceBaseUrls}>{messages.serviceBaseUrls}</Anchor>
      <Anchor href={addresses.r4}>{messages.r4}</Anchor>
      <Anchor href={addresses.page}>{messages.page}</Anchor>
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <Stack component="section" gap="xs">
      <Title order={2} size="h3">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
