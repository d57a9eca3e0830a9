import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppResponse, NewSecretResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useLanguage, useMessages } from '../../../i18n/index.ts';
import { ApiProblem } from '../../../shell/api.ts';
import { ConfirmedIdentity } from '../../../shell/confirm-identity.tsx';
import { Dialog } from '../../../shell/dialog.tsx';
import { FormActions } from '../../../shell/form-actions.tsx';
import { DEFAULT_SECRET_DAYS } from '../draft/secret-lifetime.tsx';
import { catalogueQuery } from '../queries.ts';
import { SecretShownOnce } from './secret-shown-once.tsx';
import { readSecretDraft, storeSecretDraft } from './stored-secret-draft.ts';
import { useAppMutation } from './use-app-mutation.ts';

interface NewSecretProps {
  readonly app: AppResponse;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/**
 * Dialog that creates a client secret, which is shown only once. The dialog can't be closed until the developer
 * confirms that the secret is saved.
 */
export function NewSecret({ app, opened, onClose }: NewSecretProps) {
  const { credentials } = useMessages().apps;
  const [made, setMade] = useState<NewSecretResponse>();
  const close = () => {
    setMade(undefined);
    storeSecretDraft(app.clientId, undefined);
    onClose();
  };
  return (
    <Dialog
      opened={opened || made !== undefined}
      onClose={close}
      closable={made === undefined}
      title={made === undefined ? credentials.add : credentials.newSecret}
    >
      {made === undefined ? (
        <ConfirmedIdentity onCancel={close}>
          <NewSecretForm app={app} onMade={setMade} onCancel={close} />
        </ConfirmedIdentity>
      ) : (
        <SecretShownOnce label={made.name} secret={made.clientSecret} onDone={close} />
      )}
    </Dialog>
  );
}

function NewSecretForm({
  app,
  onMade,
  onCancel,
}: {
  readonly app: AppResponse;
  readonly onMade: (made: NewSecretResponse) => void;
  readonly onCancel: () => void;
}) {
  const { apps } = useMessages();
  const { language } = useLanguage();
  const { credentials } = apps;
  const lifetimes = useQuery(catalogueQuery(language)).data?.secretLifetimes ?? [];
  const [draft, setDraft] = useState(() => readSecretDraft(app.clientId) ?? { name: '', days: '' });
  const usual = lifetimes.find(({ days }) => days === DEFAULT_SECRET_DAYS) ?? lifetimes[0];
  const days = draft.days === '' ? String(usual?.days ?? '') : draft.days;
  const make = useAppMutation<NewSecretResponse>(app.clientId, 'POST', 'secrets', { onDone: onMade });
  const change = (patch: Partial<typeof draft>) => {
    const next = { ...draft, ...patch };
    setDraft(next);
    storeSecretDraft(app.clientId, next);
  };
  const fieldError = make.error instanceof ApiProblem ? make.error.fieldErrors['name'] : undefined;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ name: draft.name.trim(), days: days === 'never' || days === '' ? null : Number(days) });
      }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label={credentials.name}
          placeholder={credentials.namePlaceholder}
          autoComplete="off"
          required
          withAsterisk={false}
          maxLength={60}
          value={draft.name}
          error={fieldError}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label={credentials.lifetime}
          data={lifetimes.map(({ days, label }) => ({ value: days === null ? 'never' : String(days), label }))}
          value={days}
          onChange={(event) => change({ days: event.currentTarget.value })}
        />
        <FormActions action={make} label={credentials.make} onCancel={onCancel} />
      </Stack>
    </form>
  );
}
