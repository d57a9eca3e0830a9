import { Card, NativeSelect, Radio, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupResponse, GroupsResponse, NewGroupRequest } from '../../../src/portal-api/contract/groups.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { api } from '../../shell/api.ts';
import { FormActions } from '../../shell/form-actions.tsx';
import { PatientIds, parseIds } from './patient-ids.tsx';
import { useFieldErrors } from './use-field-errors.ts';

/**
 * Form for a new group of patients.
 * @param practice the practice that is selected at first
 */
export function NewGroupForm({
  practices,
  practice,
  close,
  done,
}: {
  readonly practices: GroupsResponse['practices'];
  readonly practice: string | undefined;
  readonly close: () => void;
  readonly done: (group: GroupResponse) => void;
}) {
  const { groups: messages } = useAdminMessages();
  const [practiceId, setPracticeId] = useState(practice ?? String(practices.at(-1)?.practiceId ?? ''));
  const [name, setName] = useState('');
  const [whom, setWhom] = useState('some');
  const [patients, setPatients] = useState('');
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (body: NewGroupRequest) => api<GroupResponse>('POST', '/review/groups', body),
    onSuccess: async (group) => {
      await client.invalidateQueries({ queryKey: ['groups'] });
      done(group);
    },
  });
  const errors = useFieldErrors(make.error);
  const everyone = whom === 'everyone';
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    make.mutate({ practiceId: Number(practiceId), name, everyone, patients: everyone ? [] : parseIds(patients) });
  };
  return (
    <Card withBorder component="form" onSubmit={submit} noValidate maw={720}>
      <Stack gap="md">
        <Title order={2} size="h3">
          {messages.newGroup}
        </Title>
        <NativeSelect
          label={messages.practice}
          value={practiceId}
          onChange={(event) => setPracticeId(event.currentTarget.value)}
          data={practices.map((one) => ({ value: String(one.practiceId), label: one.name }))}
        />
        <TextInput
          label={messages.name}
          description={messages.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={errors['name']}
          maxLength={120}
          autoFocus
          autoComplete="off"
        />
        <Radio.Group label={messages.members} value={whom} onChange={setWhom}>
          <Stack gap="xs" mt="xs">
            <Radio value="some" label={messages.some} />
            <Radio value="everyone" label={messages.everyone} />
          </Stack>
        </Radio.Group>
        {everyone ? null : (
          <PatientIds
            label={messages.patients}
            hint={messages.patientsHint}
            value={patients}
            error={errors['patients']}
            change={setPatients}
          />
        )}
        <FormActions action={make} label={messages.create} onCancel={close} />
      </Stack>
    </Card>
  );
}
