import { Anchor, Badge, Button, Card, Code, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import type { TestAccount, TestPatientsResponse, TestRecord } from '../../../src/portal-api/contract/explorer.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { Pager } from '../../shell/list/pager.tsx';
import { usePage } from '../../shell/list/use-page.ts';
import { Page } from '../../shell/page.tsx';
import { EmptyState, ErrorState, Loading } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { CopyText } from '../explorer/copy-text.tsx';
import { useTestPatients } from '../explorer/queries.ts';

/** Page that lists the sandbox accounts and what each one is useful for. */
export default function TestPatientsPage() {
  const { patients: messages } = useMessages().explorer;
  const { sandbox } = useSession();
  const { data, error, refetch } = useTestPatients();
  return (
    <Page title={messages.title} {...(data === undefined ? {} : { lead: messages.lead(data.practice) })}>
      {sandbox ? null : <EmptyState title={messages.noSandbox} text={messages.noSandboxText} />}
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {sandbox && data === undefined && error === null ? <Loading /> : null}
      {data === undefined ? null : <Accounts answer={data} />}
    </Page>
  );
}

function Accounts({ answer }: { readonly answer: TestPatientsResponse }) {
  const { explorer, shell } = useMessages();
  const { patients: messages } = explorer;
  const [search, setSearch] = useSearchParams();
  const searchText = search.get('find') ?? '';
  const about = (account: TestAccount) => messages.about(account.username, account.about);
  const casesOf = ({ covers }: TestAccount) => covers.map((one) => messages.caseText(one.case, one.text));
  const fitting = answer.accounts.filter((account) =>
    matchesSearch(account, [about(account), ...casesOf(account)], searchText),
  );
  const shown = usePage(fitting, SIZE);
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Text>{messages.password}</Text>
        <Code fz="md">{answer.password}</Code>
        <CopyText value={answer.password} label={shell.copy} name={`${shell.copy}: ${answer.password}`} />
      </Group>
      <Text>
        {messages.toEnroll} <Anchor href="/sandbox/enrollment">{messages.toEnrollLink}</Anchor>
      </Text>
      <TextInput
        label={messages.find}
        description={messages.findHint}
        inputWrapperOrder={['label', 'input', 'description']}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={searchText}
        onChange={({ currentTarget: { value } }) => setSearch(value === '' ? {} : { find: value }, { replace: true })}
        maw={420}
      />
      <Text size="sm" c="dimmed" role="status">
        {messages.shown(fitting.length)}
      </Text>
      {fitting.length === 0 ? <EmptyState title={messages.noMatch} text={messages.noMatchText} /> : null}
      <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="md">
        {shown.map((account) => (
          <AccountCard key={account.username} account={account} about={about(account)} cases={casesOf(account)} />
        ))}
      </SimpleGrid>
      <Pager found={fitting.length} size={SIZE} />
    </Stack>
  );
}

const SIZE = 60;

const foldText = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Returns whether every word of the search text occurs in the details of a sandbox account. */
function matchesSearch(
  { username, name, records }: TestAccount,
  about: readonly string[],
  searchText: string,
): boolean {
  const names = records.flatMap((record) => [record.name, ...record.conditions]);
  const text = foldText([username, name, ...about, ...names].join(' '));
  return foldText(searchText)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface AccountCardProps {
  readonly account: TestAccount;
  readonly about: string;
  readonly cases: readonly string[];
}

function AccountCard({ account, about, cases }: AccountCardProps) {
  const { explorer, shell } = useMessages();
  const { patients: messages } = explorer;
  const { username, name, kind, records } = account;
  const text = about === '' && kind !== 'patient' ? messages.roles[kind] : about;
  const practices = new Set(records.map(({ practice }) => practice));
  return (
    <Card withBorder padding="md" component="article" aria-label={name}>
      <Stack gap="xs" h="100%" justify="space-between">
        <Stack gap="xs">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Title order={2} size="h5">
              {name}
            </Title>
            {kind === 'patient' ? null : (
              <Badge variant="outline" tt="none" c="inherit" style={{ flexShrink: 0 }}>
                {messages.kinds[kind]}
              </Badge>
            )}
          </Group>
          <Group gap="xs">
            <Code fz="sm">{username}</Code>
            <CopyText value={username} label={shell.copy} name={messages.copyUsername(username)} />
          </Group>
          {text === '' ? null : <Text size="sm">{text}</Text>}
          {cases.length === 0 ? null : (
            <Text size="sm" c="dimmed">
              {messages.covers} {cases.join('; ')}
            </Text>
          )}
          {records.map((record) => (
            <RecordFacts
              key={record.patientId}
              record={record}
              several={records.length > 1}
              practice={practices.size > 1 ? record.practice : undefined}
            />
          ))}
        </Stack>
        <AccountLinks account={account} />
      </Stack>
    </Card>
  );
}

interface RecordFactsProps {
  readonly record: TestRecord;
  readonly several: boolean;
  /** Name of the record's practice. undefined unless the account has records at several practices. */
  readonly practice: string | undefined;
}

function RecordFacts({ record, several, practice }: RecordFactsProps) {
  const { patients: messages } = useMessages().explorer;
  const { counts, conditions, dstu2, years, birthDate, name, relation } = record;
  const { date } = useDates();
  const { Encounter: visits = 0, ...others } = counts;
  const more = Object.entries(others)
    .filter(([type]) => type !== 'Patient')
    .sort(([, one], [, other]) => other - one);
  return (
    <Stack gap={4}>
      {several ? (
        <Text size="sm" fw={600}>
          {relation === 'self' ? messages.self : messages.represented}:{' '}
          {practice === undefined ? name : `${name}, ${practice}`}
        </Text>
      ) : null}
      <Text size="sm" c="dimmed">
        {birthDate === null ? null : `${messages.age(ageText(birthDate))} (${date(birthDate)})`}
        {visits > 0 ? ` · ${messages.visits(visits, years)}` : ''} · {messages.dstu2(dstu2)}
      </Text>
      {more.length === 0 ? <Text size="sm">{messages.empty}</Text> : null}
      <Group gap={4} component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {more.map(([type, count]) => (
          <Code key={type} component="li">
            {type} {count}
          </Code>
        ))}
      </Group>
      {conditions.length === 0 ? null : (
        <Text size="sm">
          {messages.conditions} <span lang="en">{conditions.slice(0, 6).join('; ')}</span>
          {conditions.length > 6 ? ' …' : ''}
        </Text>
      )}
    </Stack>
  );
}

function ageText(birthDate: string): number {
  const [born, now] = [new Date(birthDate), new Date()];
  const before = now.toISOString().slice(5, 10) < birthDate.slice(5, 10);
  return now.getUTCFullYear() - born.getUTCFullYear() - (before ? 1 : 0);
}

function AccountLinks({ account: { username, name, kind } }: { readonly account: TestAccount }) {
  const { patients: messages } = useMessages().explorer;
  const named = (text: string) => ({ 'aria-label': `${text}: ${name}` });
  if (kind === 'clinician' || kind === 'desk') {
    const [href, text] =
      kind === 'desk' ? ['/practice', messages.openPracticePortal] : ['/practice/launch', messages.openLauncher];
    return (
      <Button component="a" href={href} size="xs" variant="default" {...named(text)}>
        {text}
      </Button>
    );
  }
  return (
    <Button
      component={Link}
      to={`/developer/explorer?${new URLSearchParams({ user: username })}`}
      size="xs"
      variant="light"
      {...named(messages.open)}
    >
      {messages.open}
    </Button>
  );
}
