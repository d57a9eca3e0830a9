import { Badge, Button, Card, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentResponse, IncidentUpdateRequest } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { notify } from '../../shell/notifications.tsx';
import { ErrorState } from '../../shell/page-states.tsx';

const COLORS = { planned: 'accent', open: 'danger', over: 'gray' } as const;

/** Shows an incident or maintenance with its updates, and a form for a new update. */
export function Incident({ incident }: { readonly incident: IncidentResponse }) {
  const messages = useAdminMessages().publicPages.status;
  const { title, kind, standing, components, beganAt, plannedUntil, endedAt, posts } = incident;
  const { minute: when } = useDates();
  const end = endedAt ?? plannedUntil;
  return (
    <Card withBorder component="article">
      <Group gap="xs">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Badge variant="default">{messages.kinds[kind]}</Badge>
        <Badge color={COLORS[standing]} variant={standing === 'open' ? 'light' : 'default'}>
          {messages.states[standing]}
        </Badge>
      </Group>
      <Text size="sm">
        {messages.from(when(beganAt))} {end === null ? '' : messages.to(when(end))}
      </Text>
      <Text size="sm">{components.map((component) => messages.components[component]).join(' · ')}</Text>
      <Stack gap="xs" my="sm">
        {posts.map(({ at, text }) => (
          <div key={`${at} ${text}`}>
            <Text size="sm" fw={600}>
              {when(at)}
            </Text>
            <Text style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>{text}</Text>
          </div>
        ))}
      </Stack>
      {standing === 'over' ? null : <PostForm incidentId={incident.incidentId} title={title} />}
      <Removal incidentId={incident.incidentId} title={title} />
    </Card>
  );
}

function PostForm({ incidentId, title }: { readonly incidentId: string; readonly title: string }) {
  const messages = useAdminMessages().publicPages.status;
  const [text, setText] = useState('');
  const client = useQueryClient();
  const post = useMutation({
    mutationFn: (body: IncidentUpdateRequest) =>
      api<IncidentResponse>('POST', `/review/incidents/${incidentId}/posts`, body),
    onSuccess: () => {
      setText('');
      return client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  const send = (over: boolean) => post.mutate({ text, over });
  return (
    <Stack gap="xs">
      <Textarea
        label={messages.newUpdate}
        aria-label={`${messages.newUpdate} ${title}`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={4000}
        autosize
        minRows={2}
      />
      <Group gap="xs">
        <Button size="xs" onClick={() => send(false)} loading={post.isPending}>
          {messages.addUpdate}
        </Button>
        <Button size="xs" variant="default" onClick={() => send(true)} disabled={post.isPending}>
          {messages.addLastUpdate}
        </Button>
      </Group>
      <div aria-live="polite">
        {post.isSuccess ? <Text size="sm">{messages.published}</Text> : null}
        {post.error === null ? null : <ErrorState error={post.error} />}
      </div>
    </Stack>
  );
}

function Removal({ incidentId, title }: { readonly incidentId: string; readonly title: string }) {
  const messages = useAdminMessages().publicPages.status;
  const [isConfirming, setConfirming] = useState(false);
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api('DELETE', `/review/incidents/${incidentId}`),
    onSuccess() {
      notify(messages.removed);
      return client.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  return (
    <Group mt="xs">
      <Button
        size="xs"
        variant="outline"
        color="danger"
        onClick={() => setConfirming(true)}
        aria-label={messages.removeOf(title)}
      >
        {messages.remove}
      </Button>
      <Dialog opened={isConfirming} onClose={() => setConfirming(false)} title={messages.removeOf(title)}>
        <Stack gap="md">
          <Text>{messages.removeText}</Text>
          <FormActions
            action={remove}
            label={messages.remove}
            onCancel={() => setConfirming(false)}
            onConfirm={() => remove.mutate()}
            isDangerous
          />
        </Stack>
      </Dialog>
    </Group>
  );
}
