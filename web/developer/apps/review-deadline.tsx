import { Stack, Text, Timeline } from '@mantine/core';
import { IconCheck, IconClock, IconClockExclamation, IconSend } from '@tabler/icons-react';
import type { AppVersionResponse, ReviewDeadlineResponse } from '../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { DeadlineBar, useDeadlineText } from '../../shell/review-deadline.tsx';

/** Shows all review deadlines of a version as a timeline. */
export function DeadlineTimeline({
  open,
  clock,
}: {
  readonly open: AppVersionResponse;
  readonly clock: ReviewDeadlineResponse;
}) {
  const { reviewDeadline, apps } = useMessages();
  const { deadline } = apps;
  const { due } = useDates();
  const text = useDeadlineText({ clock });
  const isFirst = clock.step === 'verify';
  const isLate = clock.standing === 'late';
  const running = isLate ? <IconClockExclamation size={16} aria-hidden /> : <IconClock size={16} aria-hidden />;
  return (
    <Stack gap="sm">
      <Timeline active={isFirst ? 0 : 1} bulletSize={28} lineWidth={2}>
        <Timeline.Item bullet={<IconSend size={15} aria-hidden />} title={deadline.submitted}>
          <Text size="sm">{deadline.on(due(open.submittedAt))}</Text>
        </Timeline.Item>
        <Timeline.Item
          bullet={isFirst ? running : <IconCheck size={16} aria-hidden />}
          title={reviewDeadline.steps.verify}
        >
          <Text size="sm">{open.verifiedAt === null ? text : deadline.on(due(open.verifiedAt))}</Text>
        </Timeline.Item>
        <Timeline.Item
          bullet={isFirst ? <IconClock size={16} aria-hidden /> : running}
          title={reviewDeadline.steps.enable}
        >
          <Text size="sm">{isFirst ? reviewDeadline.byAtTheLatest(due(clock.enableBy)) : text}</Text>
        </Timeline.Item>
      </Timeline>
      <DeadlineBar clock={clock} />
      {isLate ? <Text size="sm">{deadline.lateText}</Text> : null}
      <Text size="xs" c="dimmed">
        {reviewDeadline.rule}
      </Text>
    </Stack>
  );
}
