import { NativeSelect, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PracticeBrandFields, PracticeBrandResponse } from '../../../src/portal-api/contract/public.ts';
import { useAdminMessages } from '../../i18n/index.ts';
import { ApiProblem, api } from '../../shell/api.ts';
import { FormActions } from '../../shell/form-actions.tsx';
import { notify } from '../../shell/notifications.tsx';
import { UnlistedReasons } from './unlisted-reasons.tsx';

const splitLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Form for the details of a practice that only its brand needs, such as NPI, aliases and locations. */
export function PracticeForm({
  practice,
  all,
  done,
}: {
  readonly practice: PracticeBrandResponse;
  readonly all: readonly PracticeBrandResponse[];
  readonly done: () => void;
}) {
  const messages = useAdminMessages().publicPages.brands;
  const { shell } = useAdminMessages();
  const [npi, setNpi] = useState(practice.npi);
  const [category, setCategory] = useState(practice.category);
  const [aliases, setAliases] = useState(practice.aliases.join('\n'));
  const [locations, setLocations] = useState(practice.locations.join('\n'));
  const [partOf, setPartOf] = useState(String(practice.partOf ?? ''));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (fields: PracticeBrandFields) =>
      api<PracticeBrandResponse>('PUT', `/review/brands/practices/${practice.practiceId}`, fields),
    async onSuccess() {
      await client.invalidateQueries({ queryKey: ['brands'] });
      notify(messages.savedOf(practice.name));
      done();
    },
  });
  const errors = save.error instanceof ApiProblem ? save.error.fieldErrors : {};
  const others = all.filter(({ practiceId, kind }) => practiceId !== practice.practiceId && kind === practice.kind);
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    save.mutate({
      npi,
      category,
      aliases: splitLines(aliases),
      locations: splitLines(locations),
      partOf: partOf === '' ? null : Number(partOf),
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <UnlistedReasons of={practice} />
        <TextInput
          label={messages.npi}
          description={messages.npiHint}
          value={npi}
          onChange={(event) => setNpi(event.currentTarget.value)}
          error={errors['npi']}
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
        />
        <NativeSelect
          label={messages.category}
          value={category}
          onChange={(event) => setCategory(event.currentTarget.value as typeof category)}
          data={Object.entries(messages.categories).map(([value, label]) => ({ value, label }))}
        />
        <Textarea
          label={messages.aliases}
          description={messages.aliasesHint}
          value={aliases}
          onChange={(event) => setAliases(event.currentTarget.value)}
          error={errors['aliases']}
          autosize
          minRows={2}
        />
        <Textarea
          label={messages.locations}
          description={messages.locationsHint}
          value={locations}
          onChange={(event) => setLocations(event.currentTarget.value)}
          error={errors['locations']}
          autosize
          minRows={2}
        />
        {others.length === 0 ? null : (
          <NativeSelect
            label={messages.partOf}
            description={messages.partOfHint}
            value={partOf}
            onChange={(event) => setPartOf(event.currentTarget.value)}
            error={errors['partOf']}
            data={[
              { value: '', label: messages.ownPortal },
              ...others.map(({ practiceId, name }) => ({ value: String(practiceId), label: name })),
            ]}
          />
        )}
        <FormActions action={save} label={shell.save} onCancel={done} />
      </Stack>
    </form>
  );
}
