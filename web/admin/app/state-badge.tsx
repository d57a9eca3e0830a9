import { Badge } from '@mantine/core';
import { IconBan, IconCircleCheck, IconCircleX, IconHourglass, IconPlayerPause } from '@tabler/icons-react';
import type { ReviewedApp } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';

const ICONS = {
  provisional: IconHourglass,
  active: IconCircleCheck,
  rejected: IconCircleX,
  suspended: IconPlayerPause,
  retired: IconBan,
} as const;

/** Shows the state of an app as text with an icon, so that it doesn't depend on color alone. */
export function StateBadge({ state }: { readonly state: ReviewedApp['state'] }) {
  const { states } = useAdminMessages().review;
  const Icon = ICONS[state];
  return (
    <Badge
      variant="default"
      size="lg"
      leftSection={<Icon size={14} aria-hidden />}
      style={{ flexShrink: 0, minWidth: 'max-content' }}
    >
      {states[state]}
    </Badge>
  );
}
