import { Card, Checkbox, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { IncidentResponse, NewIncidentRequest } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { ApiProblem, api } from '../../shell/api.ts';
import { FormActions } from '../../shell/form-actions.tsx';
import { notify } from '../../shell/notifications.tsx';

type NewIncidentKind = NewIncidentRequest['kind'];
type IncidentComponent = NewIncidentRequest['components'][number];

/** Converts the value of a `datetime-local` input, which is in the reader's time zone, to an ISO 8601 time. */
const toInstant = (local: string): { readonly moment?: string } =>
  local === '' || Number.isNaN(Date.parse(local)) ? {} : { moment: new Date(local).toISOString() };

/** Form that publishes an incident or planned maintenance on the status page. */
export function NewIncidentForm({ kind, done }: { readonly kind: NewIncidentKind; readonly done: () => void }) {
  const messages = useAdminMessages().publicPages.status;
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [began, setBegan] = useState('');
  const [until, setUntil] = useState('');
  const [components, setComponents] = useState<readonly string[]>([]);
  const client = useQueryClient();
  const publish = useMutation({
    mutationFn: (body: NewIncidentRequest) => api<IncidentResponse>('POST', '/review/incidents', body),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['incidents'] });
      notify(messages.published);
      done();
    },
  });
  const errors = publish.error instanceof ApiProblem ? publish.error.fieldErrors : {};
  const zone = messages.localTime(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const planned = kind === 'maintenance';
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    const { moment: beganAt } = toInstant(began);
    const { moment: plannedUntil } = toInstant(until);
    publish.mutate({
      kind,
      title,
      text,
      components: components as IncidentComponent[],
      ...(beganAt === undefined ? {} : { beganAt }),
      ...(planned && plannedUntil !== undefined ? { plannedUntil } : {}),
    });
  };
  return (
    <Card withBorder component="form" onSubmit={submit} noValidate maw={720}>
      <Stack gap="md">
        <Title order={2} size="h3">
          {planned ? messages.newMaintenance : messages.newIncident}
        </Title>
        <TextInput
          label={messages.name}
          description={messages.nameHint}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={errors['title']}
          maxLength={200}
          autoFocus
        />
        <Textarea
          label={messages.text}
          description={messages.textHint}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={errors['text']}
          maxLength={4000}
          autosize
          minRows={3}
        />
        <Checkbox.Group label={messages.affected} value={[...components]} onChange={setComponents}>
          <Stack gap="xs" mt="xs">
            {Object.entries(messages.components).map(([value, label]) => (
              <Checkbox key={value} value={value} label={label} />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          type="datetime-local"
          label={planned ? messages.begins : messages.began}
          description={planned ? zone : `${messages.beganHint} ${zone}`}
          value={began}
          onChange={(event) => setBegan(event.currentTarget.value)}
          error={errors['beganAt']}
        />
        {planned ? (
          <TextInput
            type="datetime-local"
            label={messages.until}
            description={zone}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
            error={errors['plannedUntil']}
          />
        ) : null}
        <FormActions action={publish} label={messages.publish} onCancel={done} />
      </Stack>
    </Card>
  );
}
