import { Alert, Textarea } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useAdminMessages } from '../../i18n/index.ts';

/** Asks why an administrator wants an action, for the other administrators. */
export function ReasonField({
  reason,
  setReason,
}: {
  readonly reason: string;
  readonly setReason: (to: string) => void;
}) {
  const { reasonField, reasonHint } = useAdminMessages().approvals;
  return (
    <Textarea
      label={reasonField}
      description={reasonHint}
      value={reason}
      onChange={({ currentTarget }) => setReason(currentTarget.value)}
      autosize
      minRows={2}
      maxLength={1000}
    />
  );
}

/** Says, before an action is asked for, whether it waits for a second administrator. */
export function SecondAdministratorNote({ waits }: { readonly waits: boolean }) {
  const { mayWait, atOnce } = useAdminMessages().approvals;
  return (
    <Alert variant="light" icon={<IconUsers aria-hidden />} p="sm">
      {waits ? mayWait : atOnce}
    </Alert>
  );
}
