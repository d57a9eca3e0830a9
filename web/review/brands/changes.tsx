import { List, Text } from '@mantine/core';
import type { ChangeAnswer } from '../../../src/portal/contract/public.ts';
import { useWords } from '../../words/index.ts';

/** Changes of a version compared with the previous one. */
export function Changes({ changes }: { readonly changes: readonly ChangeAnswer[] }) {
  const { what: names } = useWords().publicPages.brands;
  if (changes.length === 0) return null;
  return (
    <List size="sm">
      {changes.map(({ what, type, name, fields }) => (
        <List.Item key={`${what} ${type} ${name}`}>
          <b>{names[what]}:</b> {name}
          <Text span size="sm" c="dimmed">
            {` (${[type, ...fields].join(', ')})`}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
