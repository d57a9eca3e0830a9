import { Badge, Group } from '@mantine/core';
import type { QueueItem } from '../../../src/portal/contract/review.ts';
import { useWords } from '../../words/index.ts';

/** Badges for particular facts about a pending version. */
export function Badges({ item }: { readonly item: QueueItem }) {
  const { queue, badges } = useWords().review;
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
