import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { PendingApproval } from '../../../src/portal-api/contract/approvals.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';

/** Says that an action that was asked for waits for a second administrator. */
export function PendingNotice({ of: { expiresAt } }: { readonly of: PendingApproval }) {
  const { requested } = useAdminMessages().approvals;
  const { minute } = useDates();
  return (
    <Alert variant="light" color="warning" icon={<IconUsers aria-hidden />} title={requested.title} role="status">
      <Stack gap={4} align="flex-start">
        <Text size="sm">{requested.text(minute(expiresAt))}</Text>
        <Anchor component={Link} to="/review/approvals" size="sm" underline="always">
          {requested.link}
        </Anchor>
      </Stack>
    </Alert>
  );
}
