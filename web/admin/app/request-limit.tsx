import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppReviewResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { ConfirmedIdentity } from '../../shell/confirm-identity.tsx';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { useListParams } from '../../shell/list/use-list-params.ts';
import { notify } from '../../shell/notifications.tsx';
import { Section } from './section.tsx';

/** Shows how many FHIR requests an app may send per minute, and lets an administrator change the number. */
export function RequestLimit({ review }: { readonly review: AppReviewResponse }) {
  const { requestLimit: messages } = useAdminMessages().review.app;
  const { params, setParam } = useListParams();
  const { perMinute, default: standard } = review.requestLimit;
  return (
    <Section title={messages.title} lead={messages.lead}>
      <Text size="sm">{perMinute === null ? messages.standard(standard) : messages.own(perMinute)}</Text>
      <Group>
        <Button variant="default" onClick={() => setParam('limit', 'change')}>
          {messages.change}
        </Button>
      </Group>
      {params.get('limit') === null ? null : (
        <RequestLimitDialog review={review} close={() => setParam('limit', null)} />
      )}
    </Section>
  );
}

function RequestLimitDialog({ review, close }: { readonly review: AppReviewResponse; readonly close: () => void }) {
  const { review: reviewMessages } = useAdminMessages();
  const messages = reviewMessages.app.requestLimit;
  const { perMinute, default: standard } = review.requestLimit;
  const [text, setText] = useState(perMinute === null ? '' : String(perMinute));
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: () =>
      api('POST', `/review/apps/${encodeURIComponent(review.app.clientId)}/request-limit`, {
        perMinute: text.trim() === '' ? null : Number(text),
      }),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['review'] });
      notify(messages.done);
      close();
    },
  });
  return (
    <Dialog opened onClose={close} title={messages.changeOf(review.app.name)}>
      <ConfirmedIdentity onCancel={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            saving.mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label={messages.label}
              description={messages.hint(standard)}
              value={text}
              onChange={({ currentTarget }) => setText(currentTarget.value)}
              type="number"
              inputMode="numeric"
              min={1}
              max={1_000_000}
              step={1}
            />
            <FormActions action={saving} label={messages.save} onCancel={close} />
          </Stack>
        </form>
      </ConfirmedIdentity>
    </Dialog>
  );
}
