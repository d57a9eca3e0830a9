import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconEye, IconListCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { ReviewCheckResponse, ReviewChecksResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useErrorMessage } from '../../i18n/use-error-message.ts';
import { api } from '../../shell/api.ts';
import { ErrorState } from '../../shell/page-states.tsx';
import classes from './app.module.css';
import { Section } from './section.tsx';

/**
 * Shows the results of the automated checks that help to review an app. The checks run when the administrator requests
 * them.
 */
export function AutomatedChecks({ clientId }: { readonly clientId: string }) {
  const messages = useAdminMessages().review.checks;
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: () => api<ReviewChecksResponse>('POST', `/review/apps/${encodeURIComponent(clientId)}/checks`),
  });
  const run = (
    <Button
      variant="default"
      loading={isPending}
      onClick={() => mutate()}
      leftSection={<IconListCheck size={16} aria-hidden />}
    >
      {data === undefined ? messages.run : messages.again}
    </Button>
  );
  return (
    <Section title={messages.title} lead={messages.lead} action={run}>
      {error === null ? null : <ErrorState error={error} />}
      <div aria-live="polite" className={classes['live']}>
        {data === undefined ? null : <CheckResults checks={data.checks} />}
      </div>
    </Section>
  );
}

function CheckResults({ checks }: { readonly checks: readonly ReviewCheckResponse[] }) {
  const messages = useAdminMessages().review.checks;
  const count = (ok: ReviewCheckResponse['ok']): number => checks.filter((check) => check.ok === ok).length;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {messages.done(count(true), count(false), count(null))}
      </Text>
      {checks.map((check) => (
        <CheckRow key={`${check.check} ${check.about}`} check={check} />
      ))}
    </Stack>
  );
}

const CHECK_STYLES = {
  yes: { color: 'success', Icon: IconCircleCheck },
  no: { color: 'danger', Icon: IconCircleX },
  look: { color: 'gray', Icon: IconEye },
} as const;

function CheckRow({ check }: { readonly check: ReviewCheckResponse }) {
  const { checks } = useAdminMessages().review;
  const getMessage = useFindingText();
  const result = check.ok === null ? 'look' : check.ok ? 'yes' : 'no';
  const { color, Icon } = CHECK_STYLES[result];
  return (
    <Alert
      variant="light"
      color={color}
      p="xs"
      icon={<Icon aria-hidden />}
      title={`${checks.names[check.check]}: ${checks.results[result]}`}
    >
      <Group gap={4}>
        {check.about === '' ? null : (
          <Text size="sm" ff="monospace" w="100%" style={{ overflowWrap: 'anywhere' }}>
            {check.about}
          </Text>
        )}
        <Text size="sm">{getMessage(check)}</Text>
      </Group>
    </Alert>
  );
}

/**
 * Returns a function that gives the text of a check's finding in the reader's language. A finding without a translation
 * is shown in English, as the server sent it.
 */
function useFindingText(): (check: ReviewCheckResponse) => string {
  const { findings } = useAdminMessages().review.checks;
  const getMessage = useErrorMessage();
  return ({ finding, domains, fault: inputError, message }) => {
    if (!Object.hasOwn(findings, finding)) return message;
    const found = findings[finding];
    const text = typeof found === 'string' ? found : found(domains ?? { its: '', ofOrganisation: '' });
    return inputError === undefined ? text : `${text} ${getMessage(inputError)}`;
  };
}
