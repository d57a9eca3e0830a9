import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Button, ScrollArea, SimpleGrid, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { UsageResponse } from '../../../src/portal-api/contract/activity.ts';
import { useLanguage, useMessages } from '../../i18n/index.ts';
import { Section } from './section.tsx';

interface ChartSeries {
  readonly name: 'calls' | 'errors' | 'patients';
  readonly label: string;
  readonly color: string;
}

/** Shows the requests of an app by day: as charts, and as tables for readers who can't see charts. */
export default function Charts({ usage }: { readonly usage: UsageResponse }) {
  const { usage: messages } = useMessages().activity;
  const calls = { name: 'calls', label: messages.calls, color: 'indigo.6' } as const;
  const errors = { name: 'errors', label: messages.errors, color: 'red.6' } as const;
  const patients = { name: 'patients', label: messages.patients, color: 'teal.6' } as const;
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
        <BarDrawing title={title} buckets={buckets} series={series} />
      )}
    </Section>
  );
}

const HEIGHT = 240;

function BarDrawing({ title, buckets, series }: ByDayProps) {
  const day = useDay();
  const data = buckets.map(({ at, ...counts }) => ({ ...counts, day: day(at) }));
  return (
    <div role="img" aria-label={title} ref={removeFromTabOrder}>
      <BarChart
        h={HEIGHT}
        data={data}
        dataKey="day"
        series={series.map((one) => ({ ...one }))}
        withLegend={series.length > 1}
        yAxisProps={{ allowDecimals: false, width: 44 }}
        xAxisProps={{ minTickGap: 24 }}
        // Turns off the accessibility layer of the chart library. Screen readers skip the chart: they read its text
        // alternative, and the table has the values.
        barChartProps={{ accessibilityLayer: false }}
        aria-hidden
      />
    </div>
  );
}

/**
 * Takes the layers of a chart out of the tab order. Browsers put SVG elements with event listeners into the tab order,
 * but a keyboard user can do nothing with these layers.
 */
function removeFromTabOrder(drawing: HTMLDivElement | null) {
  if (drawing === null) return;
  const settle = () => {
    for (const layer of drawing.querySelectorAll('g[class^="recharts-zIndex"]:not([tabindex])'))
      layer.setAttribute('tabindex', '-1');
  };
  const watch = new MutationObserver(settle);
  watch.observe(drawing, { childList: true, subtree: true });
  settle();
  return () => watch.disconnect();
}

function DayTable({ title, buckets, series }: ByDayProps) {
  const { usage } = useMessages().activity;
  const day = useDay();
  return (
    <ScrollArea.Autosize mah={HEIGHT} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': title }}>
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
    </ScrollArea.Autosize>
  );
}

/** Returns a function that formats a day in UTC, because usage is counted by UTC days. */
function useDay(): (at: string) => string {
  const { locale } = useLanguage();
  const format = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  return (at) => format.format(new Date(at));
}
