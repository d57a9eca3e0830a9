import { Box, Group, Image, Stack, Text } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import type { AppReviewResponse, VersionDifference } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import classes from './app.module.css';
import { Section } from './section.tsx';
import { useFieldLines } from './use-field-lines.ts';

/** Shows the fields of an app that an approval would change, compared with the terms in effect. */
export function Differences({ review }: { readonly review: AppReviewResponse }) {
  const messages = useAdminMessages().review.app.differences;
  if (review.differences.length === 0) return null;
  return (
    <Section title={messages.title} lead={messages.lead}>
      <Stack gap="md">
        {review.differences.map((one) => (
          <Difference key={one.field} one={one} questions={review.questions} />
        ))}
      </Stack>
    </Section>
  );
}

function Difference({
  one,
  questions,
}: {
  readonly one: VersionDifference;
  readonly questions: AppReviewResponse['questions'];
}) {
  const { fields } = useAdminMessages().apps.settings;
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {fields[one.field as keyof typeof fields] ?? one.field}
      </Text>
      {one.field === 'logo' ? <LogoDifference one={one} /> : <Lines one={one} questions={questions} />}
    </div>
  );
}

/** Shows which lines of a field were added, removed or stay unchanged. */
function Lines({
  one,
  questions,
}: {
  readonly one: VersionDifference;
  readonly questions: AppReviewResponse['questions'];
}) {
  const linesOf = useFieldLines(questions);
  const [before, after] = [linesOf(one.field, one.before), linesOf(one.field, one.after)];
  return (
    <Stack gap={2}>
      {before
        .filter((line) => !after.includes(line))
        .map((line) => (
          <Line key={`-${line}`} line={line} change="removed" />
        ))}
      {after.map((line) => (
        <Line key={`+${line}`} line={line} change={before.includes(line) ? undefined : 'added'} />
      ))}
    </Stack>
  );
}

function Line({ line, change }: { readonly line: string; readonly change: 'added' | 'removed' | undefined }) {
  const messages = useAdminMessages().review.app.differences;
  const Icon = change === 'added' ? IconPlus : IconMinus;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" className={classes['line']} data-change={change}>
      {change === undefined ? <Box w={16} /> : <Icon size={16} role="img" aria-label={messages[change]} />}
      <Text size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-line' }} miw={0}>
        {line}
      </Text>
    </Group>
  );
}

function LogoDifference({ one }: { readonly one: VersionDifference }) {
  const messages = useAdminMessages().review.app.differences;
  return (
    <Group gap="lg">
      {(['before', 'after'] as const).map((when) => (
        <Stack key={when} gap={2}>
          <Text size="xs" c="dimmed">
            {messages[when]}
          </Text>
          {typeof one[when] === 'string' ? (
            <Image src={one[when]} alt={messages[when]} w={64} h={64} fit="contain" radius="sm" />
          ) : (
            <Text size="sm">{messages.none}</Text>
          )}
        </Stack>
      ))}
    </Group>
  );
}
