import { Box, Button, SimpleGrid, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { BarDrawing, type ChartSeries } from './bar-drawing.tsx';
import { Section } from './section.tsx';

/** Shows the requests of an app by day: as charts, and as tables for readers who can't see charts. */
export function Charts({ usage }: { readonly usage: UsageResponse }) {
  const { usage: messages } = useMessages().activity;
  const calls = { name: 'calls', label: messages.calls, color: 'accent' } as const;
  const errors = { name: 'errors', label: messages.errors, color: 'danger' } as const;
  const patients = { name: 'patients', label: messages.patients, color: 'success' } as const;
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <ByDay title={messages.byDay} buckets={usage.buckets} series={[calls, errors]} />
      <ByDay title={messages.patientsByDay} buckets={usage.buckets} series={[patients]} />
    </SimpleGrid>
  );
}

interface ByDayProps {
  readonly title: string;
  readonly buckets: UsageResponse['buckets'];
  readonly series: readonly ChartSeries[];
}

function ByDay({ title, buckets, series }: ByDayProps) {
  const { usage } = useMessages().activity;
  const [table, { toggle }] = useDisclosure();
  const { utcDay: day } = useDates();
  const action = (
    <Button variant="subtle" size="compact-sm" onClick={toggle} style={{ flexShrink: 0 }}>
      {table ? usage.asChart : usage.asTable}
    </Button>
  );
  return (
    <Section title={title} action={action}>
      {table ? (
        <DayTable title={title} buckets={buckets} series={series} />
      ) : (
        <BarDrawing
          title={title}
          buckets={buckets.map((bucket) => ({ ...bucket, day: day(bucket.at) }))}
          series={series}
        />
      )}
    </Section>
  );
}

const MAX_TABLE_HEIGHT = 260;

function DayTable({ title, buckets, series }: ByDayProps) {
  const { usage } = useMessages().activity;
  const { utcDay: day } = useDates();
  return (
    <Box mah={MAX_TABLE_HEIGHT} style={{ overflowY: 'auto' }} tabIndex={0} role="region" aria-label={title}>
      <Table stickyHeader aria-label={title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{usage.day}</Table.Th>
            {series.map(({ name, label }) => (
              <Table.Th key={name} ta="end">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {buckets.toReversed().map((bucket) => (
            <Table.Tr key={bucket.at}>
              <Table.Th scope="row" fw={400}>
                {day(bucket.at)}
              </Table.Th>
              {series.map(({ name }) => (
                <Table.Td key={name} ta="end">
                  {bucket[name] ?? 0}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}
