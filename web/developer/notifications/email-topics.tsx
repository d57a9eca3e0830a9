import { Card, Checkbox, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { EmailTopicsBody } from '../../../src/portal-api/contract/notifications.ts';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { notify } from '../../shell/notifications.tsx';
import { ErrorState } from '../../shell/page-states.tsx';
import { emailTopicsQuery } from './queries.ts';

const TOPICS = ['review', 'secrets', 'errors'] as const;

/** Checkboxes for the emails that the developer gets. Each change is saved at once. */
export function EmailTopics() {
  const { emails: messages } = useMessages().notifications;
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(emailTopicsQuery);
  const save = useMutation({
    mutationFn: (topics: EmailTopicsBody) => api<EmailTopicsBody>('PUT', '/developer/notifications/emails', topics),
    onSuccess(saved) {
      client.setQueryData(emailTopicsQuery.queryKey, saved);
      notify(messages.saved);
    },
  });
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="md">
        <Title order={2} size="h4">
          {messages.title}
        </Title>
        <Text size="sm">{messages.lead}</Text>
        {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
        {save.error === null ? null : <ErrorState error={save.error} />}
        {data === undefined
          ? null
          : TOPICS.map((topic) => (
              <Checkbox
                key={topic}
                label={messages.topics[topic]}
                checked={data[topic]}
                disabled={save.isPending}
                onChange={({ currentTarget: { checked } }) => save.mutate({ ...data, [topic]: checked })}
              />
            ))}
      </Stack>
    </Card>
  );
}
