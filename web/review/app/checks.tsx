import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconEye, IconListCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { CheckAnswer, ChecksAnswer } from '../../../src/portal/contract/review.ts';
import { api } from '../../shell/api.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { useFaultInWords } from '../../words/use-fault-in-words.ts';
import classes from './app.module.css';
import { Section } from './section.tsx';

/** Automated checks for a review, run on request. */
export function Checks({ clientId }: { readonly clientId: string }) {
  const messages = useWords().review.checks;
  const { data, error, isPending, mutate } = useMutation({
    mutationFn: () => api<ChecksAnswer>('POST', `/review/apps/${encodeURIComponent(clientId)}/checks`),
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
      {error === null ? null : <Failure error={error} />}
      <div aria-live="polite" className={classes['live']}>
        {data === undefined ? null : <Found checks={data.checks} />}
      </div>
    </Section>
  );
}

function Found({ checks }: { readonly checks: readonly CheckAnswer[] }) {
  const messages = useWords().review.checks;
  const count = (ok: CheckAnswer['ok']): number => checks.filter((check) => check.ok === ok).length;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        {messages.done(count(true), count(false), count(null))}
      </Text>
      {checks.map((check) => (
        <Check key={`${check.check} ${check.about}`} check={check} />
      ))}
    </Stack>
  );
}

const LOOKS = {
  yes: { color: 'teal', Icon: IconCircleCheck },
  no: { color: 'red', Icon: IconCircleX },
  look: { color: 'gray', Icon: IconEye },
} as const;

function Check({ check }: { readonly check: CheckAnswer }) {
  const { checks } = useWords().review;
  const getMessage = useFindingInWords();
  const result = check.ok === null ? 'look' : check.ok ? 'yes' : 'no';
  const { color, Icon } = LOOKS[result];
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

/** Text of a finding in the reader's language. Findings newer than the messages are shown in English. */
function useFindingInWords(): (check: CheckAnswer) => string {
  const { findings } = useWords().review.checks;
  const getMessage = useFaultInWords();
  return ({ finding, domains, fault: inputError, message }) => {
    if (!Object.hasOwn(findings, finding)) return message;
    const found = findings[finding];
    const text = typeof found === 'string' ? found : found(domains ?? { its: '', ofOrganisation: '' });
    return inputError === undefined ? text : `${text} ${getMessage(inputError)}`;
  };
}
