import { Box, Card, Group, Stack, Table, Text } from '@mantine/core';
import type { LogItem } from '../../../src/portal/contract/activity.ts';
import { useWords } from '../../words/index.ts';
import { Details, DetailsButton, useDetails } from './details.tsx';
import { Asked, Result, When, Whose } from './request-parts.tsx';

interface Row {
  readonly item: LogItem;
  readonly clientId: string;
}

/** A table on wide screens, a card for each request on phones. */
export function LogList({ items, clientId }: { readonly items: readonly LogItem[]; readonly clientId: string }) {
  const { columns } = useWords().activity.log;
  return (
    <>
      <Box visibleFrom="md">
        <Table verticalSpacing="sm" layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={110}>{columns.when}</Table.Th>
              <Table.Th w={210}>{columns.request}</Table.Th>
              <Table.Th>{columns.result}</Table.Th>
              <Table.Th w={130}>{columns.patient}</Table.Th>
              <Table.Th w={80} ta="end">
                {columns.time}
              </Table.Th>
              <Table.Th w={110}>{columns.more}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <TableRow key={item.id} item={item} clientId={clientId} />
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Stack gap="sm" hiddenFrom="md" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {items.map((item) => (
          <RequestCard key={item.id} item={item} clientId={clientId} />
        ))}
      </Stack>
    </>
  );
}

function TableRow({ item, clientId }: Row) {
  const details = useDetails();
  return (
    <>
      <Table.Tr style={{ verticalAlign: 'top', ...(details.opened ? { borderBottom: 'none' } : {}) }}>
        <Table.Td>
          <When at={item.at} />
        </Table.Td>
        <Table.Td>
          <Asked item={item} />
        </Table.Td>
        <Table.Td>
          <Result item={item} />
        </Table.Td>
        <Table.Td>
          <Whose item={item} />
        </Table.Td>
        <Table.Td ta="end">
          <Took item={item} />
        </Table.Td>
        <Table.Td>
          <DetailsButton item={item} details={details} />
        </Table.Td>
      </Table.Tr>
      <Table.Tr {...(details.opened ? {} : { hidden: true })}>
        <Table.Td colSpan={6} py={0}>
          <Details item={item} clientId={clientId} details={details} />
        </Table.Td>
      </Table.Tr>
    </>
  );
}

function RequestCard({ item, clientId }: Row) {
  const details = useDetails();
  return (
    <Card component="li" withBorder radius="md" padding="sm">
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Asked item={item} />
          <When at={item.at} />
        </Group>
        <Result item={item} />
        <Group justify="space-between" align="flex-end" wrap="nowrap">
          {item.patient === null && item.patients === 0 ? <span /> : <Whose item={item} />}
          <Group gap="xs" wrap="nowrap">
            <Took item={item} />
            <DetailsButton item={item} details={details} />
          </Group>
        </Group>
        <Details item={item} clientId={clientId} details={details} />
      </Stack>
    </Card>
  );
}

function Took({ item: { milliseconds } }: { readonly item: LogItem }) {
  const { log } = useWords().activity;
  if (milliseconds === null) return null;
  return (
    <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
      {log.milliseconds(String(milliseconds))}
    </Text>
  );
}
