import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { ApiProblem } from '../../shell/api.ts';
import { ErrorState } from '../../shell/page-states.tsx';

interface OrganisationFormFields {
  readonly name: string;
  readonly website: string;
}

/** Form for the name and website of a new or existing organization. */
export function OrganisationForm({
  initial,
  note,
  button,
  pending,
  error,
  onSubmit,
  onCancel,
}: {
  readonly initial: OrganisationFormFields;
  readonly note: string;
  readonly button: string;
  readonly pending: boolean;
  readonly error: Error | null;
  readonly onSubmit: (fields: OrganisationFormFields) => void;
  readonly onCancel?: () => void;
}) {
  const { organisation, shell } = useMessages();
  const { create } = organisation;
  const [fields, setFields] = useState(initial);
  const errors = error instanceof ApiProblem ? error.fieldErrors : {};
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(fields);
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{note}</Text>
        <TextInput
          label={create.name}
          description={create.nameHint}
          autoComplete="organization"
          maxLength={100}
          error={errors['name']}
          value={fields.name}
          onChange={({ currentTarget }) => setFields({ ...fields, name: currentTarget.value })}
        />
        <TextInput
          label={create.website}
          description={create.websiteHint}
          type="url"
          autoComplete="url"
          maxLength={2000}
          error={errors['website']}
          value={fields.website}
          onChange={({ currentTarget }) => setFields({ ...fields, website: currentTarget.value })}
        />
        {error === null ? null : <ErrorState error={error} />}
        <Group justify={onCancel === undefined ? 'flex-start' : 'flex-end'}>
          {onCancel === undefined ? null : (
            <Button variant="default" onClick={onCancel}>
              {shell.cancel}
            </Button>
          )}
          <Button type="submit" loading={pending}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
