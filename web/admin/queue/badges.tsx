import { Badge, Group } from '@mantine/core';
import type { ReviewQueueItem } from '../../../src/portal-api/contract/review.ts';
import { useMessages } from '../../i18n/index.ts';

/** Badges for particular facts about a pending version. */
export function Badges({ item }: { readonly item: ReviewQueueItem }) {
  const { queue, badges } = useMessages().review;
  return (
    <Group gap={6}>
      <Badge variant="default">{item.isChange ? queue.change : queue.first}</Badge>
      {item.needsTwo ? (
        <Badge variant="default">{item.approvedFirstBy === null ? badges.two : badges.oneOfTwo}</Badge>
      ) : null}
      {item.open.askedAt === null ? null : <Badge variant="default">{badges.asked}</Badge>}
    </Group>
  );
}
