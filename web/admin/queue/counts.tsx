import { SimpleGrid, Text, UnstyledButton } from '@mantine/core';
import type { ReviewQueueResponse } from '../../../src/portal-api/contract/review.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useListParams } from '../../shell/list/use-list-params.ts';
import classes from './queue.module.css';

const FILTERS = [
  ['late', 'standing', 'late'],
  ['soon', 'standing', 'soon'],
  ['waiting', 'state', 'waiting'],
  ['verified', 'state', 'verified'],
  ['asked', 'state', 'asked'],
] as const;

/**
 * Shows how many versions are pending, by state and urgency. A click on a number filters the list, and a second click
 * clears the filter.
 */
export function Counts({ counts }: { readonly counts: ReviewQueueResponse['counts'] }) {
  const messages = useAdminMessages().review.queue.counts;
  const { params, setParam } = useListParams();
  return (
    <SimpleGrid cols={{ base: 2, xs: 3, md: 5 }} spacing="xs">
      {FILTERS.map(([count, name, value]) => {
        const pressed = params.get(name) === value;
        return (
          <UnstyledButton
            key={count}
            className={classes['count']}
            aria-pressed={pressed}
            onClick={() => setParam(name, pressed ? null : value)}
          >
            <Text fz={24} fw={700} lh={1.2}>
              {counts[count]}
            </Text>
            <Text size="sm">{messages[count]}</Text>
          </UnstyledButton>
        );
      })}
    </SimpleGrid>
  );
}
