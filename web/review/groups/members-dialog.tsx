import { Button, Group, Modal, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupAnswer, MembersAnswer, MembersAsked } from '../../../src/portal/contract/groups.ts';
import { api } from '../../shell/api.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { idsIn, PatientIds } from './patient-ids.tsx';
import { useFieldFaults } from './use-field-faults.ts';

/** Adds patients to a group or removes them. */
export function MembersDialog({
  of: { groupId, name },
  close,
  done,
}: {
  readonly of: GroupAnswer;
  readonly close: () => void;
  readonly done: (text: string) => void;
}) {
  const { groups: messages, shell } = useWords();
  const [add, setAdd] = useState('');
  const [remove, setRemove] = useState('');
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: MembersAsked) => api<MembersAnswer>('POST', `/review/groups/${groupId}/members`, body),
    onSuccess: async ({ added, removed }) => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      done(messages.changed(added, removed));
    },
  });
  const errors = useFieldFaults(change.error);
  const membersChange = { add: idsIn(add), remove: idsIn(remove) };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    change.mutate(membersChange);
  };
  return (
    <Modal
      opened
      onClose={close}
      title={messages.changeOf(name)}
      size="lg"
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <PatientIds label={messages.add} hint={messages.addHint} value={add} fault={errors['add']} change={setAdd} />
          <PatientIds
            label={messages.takeOut}
            hint={messages.takeOutHint}
            value={remove}
            fault={errors['remove']}
            change={setRemove}
          />
          {change.error === null ? null : <Failure error={change.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {shell.cancel}
            </Button>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={membersChange.add.length + membersChange.remove.length === 0}
            >
              {messages.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
