import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  Code,
  Collapse,
  Group,
  NativeSelect,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { AuditEntryResponse, AuditLogResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { LookupField } from '../../shell/search/lookup-field.tsx';
import { useAddress } from '../../shell/use-address.ts';
import styles from './audit.module.css';
import { describeEvent } from './describe-event.ts';
import { accountLookup, appLookup } from './lookups.ts';

/** Page with the audit log of the installation. The filters are stored in the URL. */
export default function AuditPage() {
  const messages = useAdminMessages().operations.audit;
  const [filters] = useSearchParams();
  const { data, error, refetch } = useQuery({
    queryKey: ['audit', filters.toString()],
    queryFn: () => api<AuditLogResponse>('GET', `/review/audit?${filters}`),
    placeholderData: keepPreviousData,
  });
  const exported = (
    <Button
      component="a"
      href={`/api/review/audit.csv?${filters}`}
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {messages.export}
    </Button>
  );
  return (
    <Page title={messages.title} lead={messages.lead} actions={exported}>
      <Filters key={filters.toString()} kinds={data?.kinds ?? []} from={data?.from ?? ''} to={data?.to ?? ''} />
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data === undefined || data.archived === null ? null : <ArchiveNotice archived={data.archived} />}
      {data?.entries.length === 0 && data.searchedTo === null ? <EmptyState {...messages.none} /> : null}
      <Stack gap={6} aria-live="polite">
        {data?.entries.map((entry) => (
          <AuditEntry key={entry.id} entry={entry} />
        ))}
      </Stack>
      <PageLinks next={data?.next ?? null} searchedTo={data?.searchedTo ?? null} />
    </Page>
  );
}

/** Value of the filter for all reads, whatever their kind. The server knows which events are reads. */
const ALL_READS = 'all-reads';

/**
 * Order of the parts of a form field. The description is below the input, so that fields with and without one align.
 */
const INPUT_ORDER: ('label' | 'input' | 'description')[] = ['label', 'input', 'description'];

function Filters({
  kinds,
  from,
  to,
}: {
  readonly kinds: readonly string[];
  readonly from: string;
  readonly to: string;
}) {
  const messages = useAdminMessages().operations.audit;
  const kindNames: Readonly<Record<string, string>> = messages.events.kinds;
  const [filters, setFilters] = useSearchParams();
  const search = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].filter((pair): pair is [string, string] => pair[1] !== '');
    setFilters(new URLSearchParams(given));
  };
  const given = (name: string): string => filters.get(name) ?? '';
  return (
    <form onSubmit={search}>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <NativeSelect
          name="kind"
          label={messages.kind}
          data={[
            { value: '', label: messages.anyKind },
            ...[ALL_READS, ...kinds].map((value) => ({ value, label: kindNames[value] ?? value })),
          ]}
          defaultValue={given('kind')}
          key={`kind${kinds.length}`}
        />
        <NativeSelect
          name="outcome"
          label={messages.outcome}
          data={[
            { value: '', label: messages.any },
            { value: 'success', label: messages.success },
            { value: 'failure', label: messages.failure },
          ]}
          defaultValue={given('outcome')}
        />
        <TextInput
          name="from"
          type="date"
          label={messages.from}
          description={messages.utc}
          inputWrapperOrder={INPUT_ORDER}
          key={from}
          defaultValue={given('from') || from}
        />
        <TextInput
          name="to"
          type="date"
          label={messages.to}
          description={messages.utc}
          inputWrapperOrder={INPUT_ORDER}
          key={`to${to}`}
          defaultValue={given('to') || to}
        />
        <LookupField name="app" label={messages.app} hint={messages.appHint} value={given('app')} {...appLookup} />
        <LookupField
          name="account"
          label={messages.account}
          hint={messages.accountHint}
          value={given('account')}
          {...accountLookup}
        />
        <TextInput name="request" label={messages.request} defaultValue={given('request')} />
        <Group align="flex-start" gap="xs" pt={{ base: 0, md: 24 }}>
          <Button type="submit">{messages.search}</Button>
          <Button variant="default" onClick={() => setFilters(new URLSearchParams())}>
            {messages.clear}
          </Button>
        </Group>
      </SimpleGrid>
    </form>
  );
}

/** Says which events of the period are only in the archive, and how an operator searches them. */
function ArchiveNotice({ archived }: { readonly archived: NonNullable<AuditLogResponse['archived']> }) {
  const messages = useAdminMessages().operations.audit.archived;
  const { date } = useDates();
  return (
    <Alert variant="light" icon={<IconInfoCircle aria-hidden />} title={messages.title} role="status">
      <Text size="sm" mb="xs">
        {messages.text(date(archived.from), date(archived.to))}
      </Text>
      <Code block className={styles['sentence'] ?? ''} style={{ whiteSpace: 'pre-wrap' }}>
        {archived.command}
      </Code>
    </Alert>
  );
}

function AuditEntry({ entry }: { readonly entry: AuditEntryResponse }) {
  const { audit } = useAdminMessages().operations;
  const { second } = useDates();
  const [open, { toggle }] = useDisclosure();
  return (
    <Card withBorder padding="xs">
      <UnstyledButton onClick={toggle} aria-expanded={open} w="100%">
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Group gap="xs" wrap="nowrap" align="baseline" className={styles['line'] ?? ''}>
            <Text size="sm" c="dimmed" className={styles['time'] ?? ''}>
              {second(entry.at)}
            </Text>
            <Text size="sm" className={styles['sentence'] ?? ''}>
              {entry.outcome === 'failure' ? (
                <Badge color="danger" variant="light" mr="xs">
                  {audit.failure}
                </Badge>
              ) : null}
              {describeEvent(audit.events, entry)}
            </Text>
          </Group>
          <IconChevronDown size={16} style={{ flexShrink: 0 }} aria-hidden />
        </Group>
      </UnstyledButton>
      <Collapse expanded={open}>
        <Code block mt="xs">
          {JSON.stringify(
            {
              kind: entry.kind,
              outcome: entry.outcome,
              request_id: entry.requestId,
              account_id: entry.accountId,
              client_id: entry.clientId,
              type: entry.type,
              resources: entry.resources,
              detail: entry.detail,
            },
            null,
            2,
          )}
        </Code>
      </Collapse>
    </Card>
  );
}

function PageLinks({ next, searchedTo }: Pick<AuditLogResponse, 'next' | 'searchedTo'>) {
  const messages = useAdminMessages().operations.audit;
  const { second } = useDates();
  const { search: filters, choose } = useAddress();
  const turn = (after: string | null) => {
    choose({ after }, { replace: false });
    window.scrollTo({ top: 0 });
  };
  return (
    <Group>
      {searchedTo === null ? null : (
        <Text size="sm" role="status" w="100%">
          {messages.searchedTo(second(searchedTo))}
        </Text>
      )}
      {filters.has('after') ? (
        <Anchor component="button" onClick={() => turn(null)}>
          {messages.newest}
        </Anchor>
      ) : null}
      {next === null ? null : (
        <Button variant="default" onClick={() => turn(next)}>
          {messages.older}
        </Button>
      )}
    </Group>
  );
}
