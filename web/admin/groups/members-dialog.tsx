import { Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type {
  GroupMembersRequest,
  GroupMembersResponse,
  GroupResponse,
} from '../../../src/portal-api/contract/groups.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { Dialog } from '../../shell/dialog.tsx';
import { FormActions } from '../../shell/form-actions.tsx';
import { PatientIds, parseIds } from './patient-ids.tsx';
import { useFieldErrors } from './use-field-errors.ts';

/** Dialog that adds patients to a group or removes them. */
export function MembersDialog({
  of: { groupId, name },
  close,
  done,
}: {
  readonly of: GroupResponse;
  readonly close: () => void;
  readonly done: (text: string) => void;
}) {
  const { groups: messages } = useAdminMessages();
  const [add, setAdd] = useState('');
  const [remove, setRemove] = useState('');
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (body: GroupMembersRequest) =>
      api<GroupMembersResponse>('POST', `/review/groups/${groupId}/members`, body),
    onSuccess: async ({ added, removed }) => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      done(messages.changed(added, removed));
    },
  });
  const errors = useFieldErrors(change.error);
  const membersChange = { add: parseIds(add), remove: parseIds(remove) };
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    change.mutate(membersChange);
  };
  return (
    <Dialog opened onClose={close} title={messages.changeOf(name)} size="lg">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <PatientIds label={messages.add} hint={messages.addHint} value={add} error={errors['add']} change={setAdd} />
          <PatientIds
            label={messages.removeMembers}
            hint={messages.removeMembersHint}
            value={remove}
            error={errors['remove']}
            change={setRemove}
          />
          <FormActions
            action={change}
            label={messages.change}
            onCancel={close}
            disabled={membersChange.add.length + membersChange.remove.length === 0}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
