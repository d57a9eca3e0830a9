import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { PracticeBrandAnswer } from '../../../src/portal/contract/public.ts';
import { useWords } from '../../words/index.ts';

/** Reasons why a practice is missing from the list of service base URLs. */
export function LeftOut({ of: { enabled, missing } }: { readonly of: PracticeBrandAnswer }) {
  const { leftOut } = useWords().publicPages.brands;
  if (!enabled || missing.length === 0) return null;
  return (
    <Alert variant="light" color="yellow" p="sm" icon={<IconAlertTriangle aria-hidden />}>
      <Text size="sm" fw={600}>
        {leftOut.title}
      </Text>
      {missing.map((one) => (
        <Text key={one} size="sm">
          {leftOut[one]}
        </Text>
      ))}
    </Alert>
  );
}
