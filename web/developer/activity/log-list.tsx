import { Box, Card, Group, Stack, Table, Text } from '@mantine/core';
import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { PatientCell, RequestCell, ResultCell, TimeCell } from './request-cells.tsx';
import { Details, DetailsButton, useDetails } from './request-details.tsx';

interface LogRowProps {
  readonly item: AppLogItem;
  readonly clientId: string;
}

/** Lists the requests of an app: as a table on wide screens, as cards on phones. */
export function LogList({ items, clientId }: { readonly items: readonly AppLogItem[]; readonly clientId: string }) {
  const { columns } = useMessages().activity.log;
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

function TableRow({ item, clientId }: LogRowProps) {
  const details = useDetails();
  return (
    <>
      <Table.Tr style={{ verticalAlign: 'top', ...(details.opened ? { borderBottom: 'none' } : {}) }}>
        <Table.Td>
          <TimeCell at={item.at} />
        </Table.Td>
        <Table.Td>
          <RequestCell item={item} />
        </Table.Td>
        <Table.Td>
          <ResultCell item={item} />
        </Table.Td>
        <Table.Td>
          <PatientCell item={item} />
        </Table.Td>
        <Table.Td ta="end">
          <Duration item={item} />
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

function RequestCard({ item, clientId }: LogRowProps) {
  const details = useDetails();
  return (
    <Card component="li" withBorder radius="md" padding="sm">
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <RequestCell item={item} />
          <TimeCell at={item.at} />
        </Group>
        <ResultCell item={item} />
        <Group justify="space-between" align="flex-end" wrap="nowrap">
          {item.patient === null && item.patients === 0 ? <span /> : <PatientCell item={item} />}
          <Group gap="xs" wrap="nowrap">
            <Duration item={item} />
            <DetailsButton item={item} details={details} />
          </Group>
        </Group>
        <Details item={item} clientId={clientId} details={details} />
      </Stack>
    </Card>
  );
}

function Duration({ item: { milliseconds } }: { readonly item: AppLogItem }) {
  const { log } = useMessages().activity;
  if (milliseconds === null) return null;
  return (
    <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
      {log.milliseconds(milliseconds)}
    </Text>
  );
}
