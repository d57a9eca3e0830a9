import { Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { GroupResponse } from '../../../src/portal-api/contract/groups.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';

/** Dialog that removes a group, after explaining the effects. */
export function RemoveDialog({
  of: { groupId, name },
  close,
  done,
}: {
  readonly of: GroupResponse;
  readonly close: () => void;
  readonly done: (text: string) => void;
}) {
  const { groups: messages } = useAdminMessages();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api<GroupResponse>('DELETE', `/review/groups/${groupId}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      done(messages.removed(name));
    },
  });
  return (
    <Dialog opened onClose={close} title={messages.removeOf(name)}>
      <Stack gap="md">
        <Text>{messages.removeText}</Text>
        <FormActions
          action={remove}
          label={messages.remove}
          onCancel={close}
          onConfirm={() => remove.mutate()}
          isDangerous
        />
      </Stack>
    </Dialog>
  );
}
