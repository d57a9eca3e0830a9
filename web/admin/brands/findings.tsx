import { Badge, Card, Group, List, Stack, Text } from '@mantine/core';
import type { BrandFindingResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';

/** Shows problems in the brands bundle and how to fix them. The server sorts them: errors come before warnings. */
export function Findings({ findings }: { readonly findings: readonly BrandFindingResponse[] }) {
  const messages = useAdminMessages().publicPages.brands;
  if (findings.length === 0) return <Text>{messages.noFindings}</Text>;
  const errors = findings.filter(({ severity }) => severity === 'fault').length;
  const counts = [
    ...(errors === 0 ? [] : [messages.errorCount(errors)]),
    ...(findings.length === errors ? [] : [messages.warningCount(findings.length - errors)]),
  ];
  return (
    <Stack gap="xs">
      <Text>{counts.join(', ')}</Text>
      {[...Map.groupBy(findings, ({ check }) => check)].map(([check, group]) => (
        <FindingGroup key={check} findings={group} />
      ))}
    </Stack>
  );
}

/** Shows all problems with one rule together. For example, a missing logo at a hundred practices is one task. */
function FindingGroup({ findings }: { readonly findings: readonly BrandFindingResponse[] }) {
  const messages = useAdminMessages().publicPages.brands;
  const [first] = findings;
  if (first === undefined) return null;
  const isError = first.severity === 'fault';
  return (
    <Card withBorder padding="sm">
      <Group gap="xs" mb={4}>
        <Badge color={isError ? 'danger' : 'gray'} variant={isError ? 'light' : 'default'}>
          {isError ? messages.error : messages.warning}
        </Badge>
        <Text size="xs" c="dimmed">
          {first.clause}
        </Text>
      </Group>
      <Text>{first.message}</Text>
      <List size="sm" mt={4}>
        {findings.map(({ about, name, value }) => (
          <List.Item key={`${about} ${value}`}>
            <b>{name === '' ? messages.wholeBundle : name}</b>
            {value === null ? null : (
              <Text size="xs" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            )}
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
