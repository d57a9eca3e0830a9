import { Button, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { notify } from '../../shell/notifications.tsx';
import { ErrorState } from '../../shell/page-states.tsx';
import { Section } from './section.tsx';

/** Shows the internal notes of administrators about an app as plain text, with a form for a new note. */
export function Notes({ review }: { readonly review: AppReviewResponse }) {
  const messages = useAdminMessages().review.app.notes;
  const when = useDates();
  const client = useQueryClient();
  const [content, setContent] = useState('');
  const adding = useMutation({
    mutationFn: () => api('POST', `/review/apps/${encodeURIComponent(review.app.clientId)}/notes`, { content }),
    onSuccess: () => {
      setContent('');
      notify(messages.done);
      return client.invalidateQueries({ queryKey: ['review'] });
    },
  });
  return (
    <Section title={messages.title} lead={messages.lead}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          adding.mutate();
        }}
      >
        <Stack gap="xs" align="flex-start">
          <Textarea
            label={messages.label}
            value={content}
            onChange={({ currentTarget }) => setContent(currentTarget.value)}
            autosize
            minRows={2}
            maxLength={10_000}
            w="100%"
          />
          <Button type="submit" variant="default" loading={adding.isPending} disabled={content.trim() === ''}>
            {messages.add}
          </Button>
        </Stack>
      </form>
      {adding.error === null ? null : <ErrorState error={adding.error} />}
      <Stack gap="sm" aria-live="polite">
        {review.notes.length === 0 ? <Text size="sm">{messages.empty}</Text> : null}
        {review.notes.map(({ noteId, at, who, content: said }) => (
          <div key={noteId}>
            <Text size="xs" c="dimmed">
              {who} · {when.minute(at)}
            </Text>
            <Text size="sm" style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
              {said}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
