import { Anchor, Progress, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { Section } from './section.tsx';

interface RankedRow {
  readonly name: string;
  readonly count: number;
  readonly content: React.ReactNode;
}

export function ByType({ usage }: { readonly usage: UsageResponse }) {
  const { usage: messages } = useMessages().activity;
  const rows = usage.types.map(({ type, count }) => ({ name: type, count, content: type }));
  return <Ranking title={messages.byType} named={messages.type} rows={rows} color="accent" />;
}

/** Lists the errors of an app by code, with links to the failed requests and to the documentation. */
export function ByCode({ usage, clientId }: { readonly usage: UsageResponse; readonly clientId: string }) {
  const messages = useMessages();
  const { usage: text, log } = messages.activity;
  const rows = usage.errors.map(({ code, count, unproved }) => ({
    name: code,
    count,
    content: (
      <>
        <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
          {code}
        </Text>
        <Anchor href={`/docs/errors#${code}`} size="xs" underline="always">
          {log.docs(code)}
        </Anchor>
        {unproved === 0 ? null : (
          <Text size="xs" c="dimmed">
            {text.unauthenticatedCount(unproved)}
          </Text>
        )}
      </>
    ),
  }));
  const inLog = (
    <Anchor
      component={Link}
      to={`/developer/apps/${clientId}/log?outcome=refused`}
      size="sm"
      underline="always"
      ta="end"
    >
      {text.allRefusals}
    </Anchor>
  );
  return (
    <Ranking
      title={text.byCode}
      named={text.code}
      rows={rows}
      color="danger"
      {...(rows.length === 0 ? {} : { action: inLog })}
    />
  );
}

function Ranking({
  title,
  named,
  rows,
  color,
  action,
}: {
  readonly title: string;
  readonly named: string;
  readonly rows: readonly RankedRow[];
  readonly color: string;
  readonly action?: React.ReactNode;
}) {
  const { usage } = useMessages().activity;
  const { locale } = useLanguage();
  const max = Math.max(1, ...rows.map(({ count }) => count));
  return (
    <Section title={title} action={action}>
      {rows.length === 0 ? (
        <Text c="dimmed">{usage.noneYet}</Text>
      ) : (
        <Table layout="fixed" aria-label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{named}</Table.Th>
              <Table.Th w={90} ta="end">
                {usage.count}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ name, count, content }) => (
              <Table.Tr key={name}>
                <Table.Th scope="row" fw={400}>
                  {content}
                  <Progress value={(count / max) * 100} size="xs" mt={4} color={color} aria-hidden />
                </Table.Th>
                <Table.Td ta="end" style={{ verticalAlign: 'top' }}>
                  {new Intl.NumberFormat(locale).format(count)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
