import { SpanKind } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { expect, it } from 'vitest';
import { createSpans } from './spans.ts';

it('a job has at most 100 spans inside it, and counts the others', async () => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const { runJob, measure } = createSpans(provider.getTracer('test'));
  const statement = { name: 'statement', kind: SpanKind.CLIENT, attributes: () => ({}) };
  const work = { name: 'transaction', kind: SpanKind.INTERNAL, attributes: () => ({}) };
  const ran: number[] = [];
  await runJob({ queue: 'export', task: undefined }, async () => {
    for (let row = 0; row < 75; row += 1) await measure(work, () => measure(statement, async () => void ran.push(row)));
  });
  await runJob({ queue: 'email', task: undefined }, () => measure(statement, async () => {}));

  const finished = exporter.getFinishedSpans();
  const jobs = finished.filter(({ name }) => name.startsWith('job '));
  expect(jobs).toMatchObject([
    { name: 'job export', attributes: { 'patient_access.queue': 'export', 'patient_access.omitted_spans': 50 } },
    { name: 'job email', attributes: { 'patient_access.queue': 'email' } },
  ]);
  expect(ran).toHaveLength(75);
  expect(finished).toHaveLength(jobs.length + 100 + 1);
});
