import { Card, Checkbox, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { EmailTopicsBody, EmailTopicsResponse } from '../../../src/portal-api/contract/notifications.ts';
import { useMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { notify } from '../../shell/notifications.tsx';
import { ErrorState } from '../../shell/page-states.tsx';
import { useSession } from '../../shell/session.ts';
import { emailTopicsQuery } from './queries.ts';

const TOPICS = ['review', 'secrets', 'errors'] as const;

/** The emails that the developer gets. The sandbox's developer has no address. */
export function EmailTopics() {
  return useSession().person?.sandboxDeveloper === true ? null : <OwnEmailTopics />;
}

/** Checkboxes for the emails that the developer gets. Each change is saved at once. */
function OwnEmailTopics() {
  const { emails: messages } = useMessages().notifications;
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(emailTopicsQuery);
  const [chosen, setChosen] = useState<EmailTopicsBody>();
  const save = useMutation({
    mutationFn: (topics: EmailTopicsBody) => api<EmailTopicsResponse>('PUT', '/developer/notifications/emails', topics),
    onSuccess(saved) {
      client.setQueryData(emailTopicsQuery.queryKey, saved);
      notify(messages.saved);
    },
    onSettled: () => setChosen(undefined),
  });
  const shown = chosen ?? (data && toTopics(data));
  const change = (topics: EmailTopicsBody): void => {
    setChosen(topics);
    save.mutate(topics);
  };
  return (
    <Card component="section" withBorder radius="md" padding="lg">
      <Stack gap="md">
        <Title order={2} size="h4">
          {messages.title}
        </Title>
        <Text size="sm">{data?.madeUpAddress === true ? messages.madeUpAddress : messages.lead}</Text>
        {error === null ? null : <ErrorState error={error} again={() => void refetch()} />}
        {save.error === null ? null : <ErrorState error={save.error} />}
        {shown === undefined || data?.madeUpAddress === true
          ? null
          : TOPICS.map((topic) => (
              <Checkbox
                key={topic}
                label={messages.topics[topic]}
                checked={shown[topic]}
                onChange={({ currentTarget: { checked } }) => change({ ...shown, [topic]: checked })}
              />
            ))}
      </Stack>
    </Card>
  );
}

/** The part of the response that the developer can change. */
const toTopics = ({ review, secrets, errors }: EmailTopicsResponse): EmailTopicsBody => ({ review, secrets, errors });
