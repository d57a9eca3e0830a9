import { Alert, Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { BrandsResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { api } from '../../shell/api.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import { Changes } from './changes.tsx';

/** Shows the published brands, and whether they differ from the current settings of the practices. */
export function PublishedBrands({ answer }: { readonly answer: BrandsResponse }) {
  const messages = useAdminMessages().publicPages.brands;
  const { minute: when } = useDates();
  const { published, changes } = answer;
  const errors = answer.findings.filter(({ severity }) => severity === 'fault').length;
  const client = useQueryClient();
  const publish = useMutation({
    mutationFn: () => api<{ version: number }>('POST', '/review/brands/publish'),
    onSettled: () => client.invalidateQueries({ queryKey: ['brands'] }),
  });
  return (
    <Card withBorder>
      <Stack gap="sm">
        <PublicationStatus answer={answer} errorCount={errors} />
        {published === null ? null : (
          <div>
            <Text fw={600}>{messages.version(published.version, when(published.publishedAt))}</Text>
            <Text size="sm">{messages.contents(published.organizations, published.endpoints)}</Text>
          </div>
        )}
        <Changes changes={changes} />
        {changes.length === 0 ? null : (
          <Group gap="sm">
            {errors === 0 ? (
              <Button onClick={() => publish.mutate()} loading={publish.isPending}>
                {messages.publish}
              </Button>
            ) : null}
            <Button component={Link} to="?version=draft" variant="default">
              {messages.showDraft}
            </Button>
          </Group>
        )}
      </Stack>
      <div aria-live="polite">
        {publish.data === undefined ? null : (
          <Text size="sm" mt="sm">
            {messages.published(publish.data.version)}
          </Text>
        )}
        {publish.error === null ? null : <ErrorState error={publish.error} />}
      </div>
    </Card>
  );
}

function PublicationStatus({ answer, errorCount }: { readonly answer: BrandsResponse; readonly errorCount: number }) {
  const { nothing, nothingText, states, madeUp } = useAdminMessages().publicPages.brands;
  if (errorCount > 0) {
    const none = answer.published === null;
    return (
      <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title={none ? nothing : states.stopped}>
        {none ? nothingText : states.stoppedText}
      </Alert>
    );
  }
  if (answer.changes.length > 0) {
    return (
      <Alert color="accent" icon={<IconClock aria-hidden />} title={states.waiting}>
        {answer.addresses === null ? madeUp.waitingText : states.waitingText}
      </Alert>
    );
  }
  return <Alert color="success" icon={<IconCircleCheck aria-hidden />} title={states.fresh} />;
}
