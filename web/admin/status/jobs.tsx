import { Alert, Stack, Table, Text, Title } from '@mantine/core';
import type { JobsResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { ErrorState, Loading } from '../../shell/page-states.tsx';
import styles from './jobs.module.css';
import { queueRowId, useJobs, useQueueName } from './use-jobs.ts';

/** Shows the queues of background jobs, their failures, and when the scheduled tasks run. */
export function Jobs() {
  const messages = useAdminMessages().operations.jobs;
  const { data, error, refetch } = useJobs();
  return (
    <Stack component="section" gap="sm" mt="xl" aria-labelledby="jobs">
      <Title order={2} size="h3" id="jobs">
        {messages.title}
      </Title>
      <Text maw={720}>{messages.lead}</Text>
      {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Loading /> : null}
      {data === undefined ? null : (
        <>
          <Failures failures={data.failures} />
          <Queues queues={data.queues} />
          <Tasks tasks={data.tasks} />
        </>
      )}
    </Stack>
  );
}

function useMoment(): (at: string | null) => string {
  const { minute } = useDates();
  return (at) => (at === null ? '–' : minute(at));
}

function Failures({ failures }: Pick<JobsResponse, 'failures'>) {
  const messages = useAdminMessages().operations.jobs;
  const moment = useMoment();
  const nameOf = useQueueName();
  if (failures.length === 0) return null;
  return (
    <Alert color="warning" title={messages.failures}>
      {failures.map(({ queue, id, at, error }) => (
        <Text size="sm" key={`${queue} ${id} ${at}`}>
          {moment(at)} · {nameOf(queue)} · {id} · {error}
        </Text>
      ))}
    </Alert>
  );
}

function Queues({ queues }: Pick<JobsResponse, 'queues'>) {
  const messages = useAdminMessages().operations.jobs;
  const nameOf = useQueueName();
  return (
    <Table className={styles['stack'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{messages.queue}</Table.Th>
          <Table.Th scope="col">{messages.ready}</Table.Th>
          <Table.Th scope="col">{messages.running}</Table.Th>
          <Table.Th scope="col">{messages.later}</Table.Th>
          <Table.Th scope="col">{messages.failed}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {queues.map(({ name, ready, running, later, failed, failedHours }) => (
          <Table.Tr key={name} id={queueRowId(name)} className={styles['row'] ?? ''}>
            <Table.Th scope="row">
              {nameOf(name)}
              <Text size="xs" c="dimmed" fw={400} lang="en">
                {name}
              </Text>
            </Table.Th>
            <Table.Td data-name={messages.ready}>{ready}</Table.Td>
            <Table.Td data-name={messages.running}>{running}</Table.Td>
            <Table.Td data-name={messages.later}>{later}</Table.Td>
            <Table.Td data-name={messages.failed}>{messages.failedWithin(failed, failedHours)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Tasks({ tasks }: Pick<JobsResponse, 'tasks'>) {
  const messages = useAdminMessages().operations.jobs;
  const moment = useMoment();
  if (tasks.length === 0) return null;
  return (
    <Table className={styles['stack'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{messages.task}</Table.Th>
          <Table.Th scope="col">{messages.last}</Table.Th>
          <Table.Th scope="col">{messages.next}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tasks.map(({ name, lastAt, nextAt }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row">{name}</Table.Th>
            <Table.Td data-name={messages.last}>{moment(lastAt)}</Table.Td>
            <Table.Td data-name={messages.next}>{moment(nextAt)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
