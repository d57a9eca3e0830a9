import { Alert, Anchor, List, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import type { JobsResponse } from '../../../src/portal-api/contract/operations.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { queueRowId, useJobs, useQueueName } from './use-jobs.ts';

/** One line at the top of the page: the jobs are healthy, or which queues need attention, with links to their rows. */
export function JobsSummary() {
  const messages = useAdminMessages().operations.jobs;
  const { data } = useJobs();
  const problems = useProblems(data?.queues ?? []);
  if (data === undefined) return null;
  if (problems.length === 0)
    return (
      <Alert color="success" variant="light" icon={<IconCircleCheck aria-hidden />} py="xs">
        <Text size="sm">
          {messages.healthy} <Anchor href="#jobs">{messages.see}</Anchor>
        </Text>
      </Alert>
    );
  return (
    <Alert color="warning" variant="light" icon={<IconAlertTriangle aria-hidden />} title={messages.attention}>
      <List size="sm" listStyleType="none">
        {problems.map(({ queue, text }) => (
          <List.Item key={text}>
            <Anchor href={`#${queueRowId(queue)}`} size="sm">
              {text}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** Returns a line for each queue with failed jobs, and for each queue whose jobs don't run. */
function useProblems(queues: JobsResponse['queues']) {
  const messages = useAdminMessages().operations.jobs;
  const { minute } = useDates();
  const nameOf = useQueueName();
  return queues.flatMap(({ name, ready, failed, failedHours, oldestReadyAt, late }) => [
    ...(late && oldestReadyAt !== null
      ? [{ queue: name, text: messages.waiting(nameOf(name), ready, minute(oldestReadyAt)) }]
      : []),
    ...(failed > 0 ? [{ queue: name, text: messages.failedIn(nameOf(name), failed, failedHours) }] : []),
  ]);
}
