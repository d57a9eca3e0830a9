import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { GroupAnswer } from '../../../src/portal/contract/groups.ts';
import { api } from '../../shell/api.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';

/** Explains the effects before a group is removed. */
export function RemoveDialog({
  of: { groupId, name },
  close,
  done,
}: {
  readonly of: GroupAnswer;
  readonly close: () => void;
  readonly done: (text: string) => void;
}) {
  const { groups: messages, shell } = useWords();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api<GroupAnswer>('DELETE', `/review/groups/${groupId}`),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      done(messages.removed(name));
    },
  });
  return (
    <Modal opened onClose={close} title={messages.removeOf(name)} closeButtonProps={{ 'aria-label': shell.close }}>
      <Stack gap="md">
        <Text>{messages.removeText}</Text>
        {remove.error === null ? null : <Failure error={remove.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {shell.cancel}
          </Button>
          <Button color="red" variant="outline" loading={remove.isPending} onClick={() => remove.mutate()}>
            {messages.remove}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
