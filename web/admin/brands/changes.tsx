import { List, Text } from '@mantine/core';
import type { BrandChangeResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';

/** Lists the resources that differ between a version of the brands bundle and the version before. */
export function Changes({ changes }: { readonly changes: readonly BrandChangeResponse[] }) {
  const { changeKinds: names } = useAdminMessages().publicPages.brands;
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
