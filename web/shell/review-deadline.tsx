import { Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlarm, IconAlertTriangle, IconClock } from '@tabler/icons-react';
import type { ReviewDeadlineResponse } from '../../src/portal-api/contract/apps.ts';
import { useMessages } from '../i18n/index.ts';
import { useDates } from '../i18n/use-dates.ts';

const DEADLINE_STYLES = {
  'in-time': { color: 'success', Icon: IconClock },
  soon: { color: 'warning', Icon: IconAlarm },
  late: { color: 'danger', Icon: IconAlertTriangle },
} as const;

interface DeadlineProps {
  readonly clock: ReviewDeadlineResponse;
}

/** Returns the day of a review deadline and the business days until it, for example `by Mon, Dec 14, 2026 (9 business days left)`. */
export function useDeadlineText({ clock }: DeadlineProps): string {
  const { reviewDeadline: messages } = useMessages();
  const { due } = useDates();
  return `${messages.by(due(clock.due))} (${useBusinessDaysText({ clock })})`;
}

function useBusinessDaysText({ clock: { standing, businessDaysLeft } }: DeadlineProps): string {
  const { reviewDeadline: messages } = useMessages();
  return standing === 'late' ? messages.late(Math.max(0, -businessDaysLeft)) : messages.left(businessDaysLeft);
}

/** Shows the review deadline that runs now in one line. */
export function DeadlineLine({ clock }: DeadlineProps) {
  const { steps } = useMessages().reviewDeadline;
  return (
    <Text size="sm">
      {steps[clock.step]} {useDeadlineText({ clock })}
    </Text>
  );
}

/** Shows how many business days of the current step of a review have passed. */
export function DeadlineBar({ clock }: DeadlineProps) {
  const { reviewDeadline: messages } = useMessages();
  const { step, standing, businessDays, businessDaysLeft } = clock;
  const passed = Math.min(businessDays, businessDays - businessDaysLeft);
  return (
    <Progress.Root size="sm">
      <Progress.Section
        value={(100 * passed) / businessDays}
        color={DEADLINE_STYLES[standing].color}
        aria-label={`${messages.steps[step]}: ${messages.elapsed(passed, businessDays)}`}
      />
    </Progress.Root>
  );
}

/**
 * Shows the review deadline that runs now: its day, how many business days have passed, and whether the review is on
 * time. Developers and administrators see the same.
 */
export function Deadline({ clock }: DeadlineProps) {
  const { reviewDeadline: messages } = useMessages();
  const { due } = useDates();
  const { Icon } = DEADLINE_STYLES[clock.standing];
  const days = useBusinessDaysText({ clock });
  return (
    <Stack gap={4} miw={230}>
      <Group gap={6} wrap="nowrap">
        <Icon size={16} aria-hidden />
        <Text size="sm">
          <Text span inherit fw={600}>
            {messages.states[clock.standing]}
          </Text>
          {` · ${days}`}
        </Text>
      </Group>
      <DeadlineBar clock={clock} />
      <Text size="xs" c="dimmed">
        {messages.steps[clock.step]} {messages.by(due(clock.due))}
      </Text>
      {clock.step === 'enable' ? null : (
        <Text size="xs" c="dimmed">
          {messages.steps.enable} {messages.byAtTheLatest(due(clock.enableBy))}
        </Text>
      )}
    </Stack>
  );
}
