import { Progress, Stack, Text, Timeline } from '@mantine/core';
import { IconCheck, IconClock, IconClockExclamation, IconSend } from '@tabler/icons-react';
import type { AppVersionResponse } from '../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../i18n/index.ts';
import { daysUntilDue, useDates } from '../../i18n/use-dates.ts';

/**
 * Returns the review deadline that runs now: 10 business days to verify the developer, then 5 to enable the app. 45 CFR
 * 170.404(b)(1)
 */
function runningDeadline({ submittedAt, verifyBy, verifiedAt, enableBy }: AppVersionResponse) {
  const [step, from, ends] =
    verifiedAt === null || enableBy === null
      ? ([1, submittedAt, verifyBy] as const)
      : ([2, verifiedAt, enableBy] as const);
  const passed = (Date.now() - Date.parse(from)) / (Date.parse(ends) - Date.parse(from));
  return { step, ends, left: daysUntilDue(ends), percent: Math.round(Math.min(1, Math.max(0, passed)) * 100) };
}

/** Shows a version's review deadline on a card, with one line and a bar. */
export function ShortDeadline({ open }: { readonly open: AppVersionResponse }) {
  const { left, percent } = runningDeadline(open);
  return (
    <Stack gap={6}>
      <DeadlineLine open={open} />
      <Bar left={left} percent={percent} />
    </Stack>
  );
}

export function DeadlineLine({ open }: { readonly open: AppVersionResponse }) {
  const { deadline } = useMessages().apps;
  const { due } = useDates();
  const { step, ends, left } = runningDeadline(open);
  return (
    <Text size="sm">
      {deadline.step(step)}: {deadline.by(due(ends))} ({left < 0 ? deadline.late(-left) : deadline.left(left)})
    </Text>
  );
}

function Bar({ left, percent }: { readonly left: number; readonly percent: number }) {
  const { deadline } = useMessages().apps;
  return (
    <Progress.Root size="sm">
      <Progress.Section
        value={percent}
        color={left < 0 ? 'warning' : 'accent'}
        aria-label={deadline.progress(percent)}
      />
    </Progress.Root>
  );
}

/** Shows all review deadlines of a version as a timeline. */
export function DeadlineTimeline({ open }: { readonly open: AppVersionResponse }) {
  const { deadline } = useMessages().apps;
  const { day, due } = useDates();
  const { step, ends, left, percent } = runningDeadline(open);
  const statusText = left < 0 ? deadline.late(-left) : deadline.left(left);
  const running = left < 0 ? <IconClockExclamation size={16} aria-hidden /> : <IconClock size={16} aria-hidden />;
  return (
    <Stack gap="sm">
      <Timeline active={step - 1} bulletSize={28} lineWidth={2}>
        <Timeline.Item bullet={<IconSend size={15} aria-hidden />} title={deadline.submitted}>
          <Text size="sm">{deadline.on(day(open.submittedAt))}</Text>
        </Timeline.Item>
        <Timeline.Item bullet={step === 1 ? running : <IconCheck size={16} aria-hidden />} title={deadline.verify}>
          <Text size="sm">
            {open.verifiedAt === null ? `${deadline.by(due(ends))} (${statusText})` : deadline.on(day(open.verifiedAt))}
          </Text>
        </Timeline.Item>
        <Timeline.Item bullet={step === 2 ? running : <IconClock size={16} aria-hidden />} title={deadline.enable}>
          <Text size="sm">{step === 2 ? `${deadline.by(due(ends))} (${statusText})` : deadline.after}</Text>
        </Timeline.Item>
      </Timeline>
      <Bar left={left} percent={percent} />
      {left < 0 ? <Text size="sm">{deadline.lateText}</Text> : null}
    </Stack>
  );
}
