import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { PracticeBrandResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';

/** Explains why a practice is missing from the list of service base URLs. */
export function UnlistedReasons({ of: { enabled, missing } }: { readonly of: PracticeBrandResponse }) {
  const { unlisted } = useAdminMessages().publicPages.brands;
  if (!enabled || missing.length === 0) return null;
  return (
    <Alert variant="light" color="warning" p="sm" icon={<IconAlertTriangle aria-hidden />}>
      <Text size="sm" fw={600}>
        {unlisted.title}
      </Text>
      {missing.map((one) => (
        <Text key={one} size="sm">
          {unlisted[one]}
        </Text>
      ))}
    </Alert>
  );
}
