import { Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlarm, IconAlertTriangle, IconClock } from '@tabler/icons-react';
import type { ReviewDeadlineResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';

const DEADLINE_STYLES = {
  'in-time': { color: 'success', Icon: IconClock },
  soon: { color: 'warning', Icon: IconAlarm },
  late: { color: 'danger', Icon: IconAlertTriangle },
} as const;

/** Shows the review deadline that runs now: how many business days have passed, and whether the review is on time. */
export function Deadline({ clock }: { readonly clock: ReviewDeadlineResponse }) {
  const messages = useAdminMessages().review.deadline;
  const when = useDates();
  const { standing, businessDays, businessDaysLeft } = clock;
  const { color, Icon } = DEADLINE_STYLES[standing];
  const passed = Math.min(businessDays, businessDays - businessDaysLeft);
  const rest = standing === 'late' ? messages.late(Math.max(0, -businessDaysLeft)) : messages.left(businessDaysLeft);
  return (
    <Stack gap={4} miw={230}>
      <Group gap={6} wrap="nowrap">
        <Icon size={16} aria-hidden />
        <Text size="sm">
          <Text span inherit fw={600}>
            {messages.states[standing]}
          </Text>
          {` · ${rest}`}
        </Text>
      </Group>
      <Progress.Root size="sm">
        <Progress.Section
          value={(100 * passed) / businessDays}
          color={color}
          aria-label={`${messages[clock.step]}: ${messages.elapsed(passed, businessDays)}`}
        />
      </Progress.Root>
      <Text size="xs" c="dimmed">
        {messages[clock.step]} {messages.due(when.dueWeekday(clock.due))}
      </Text>
    </Stack>
  );
}
