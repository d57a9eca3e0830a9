import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AppAnswer, NewSecretAnswer } from '../../../../src/portal/contract/apps.ts';
import { ApiProblem } from '../../../shell/api.ts';
import { Failure } from '../../../shell/states.tsx';
import { useLanguage, useWords } from '../../../words/index.ts';
import { Dialog } from '../dialog.tsx';
import { USUAL_DAYS } from '../draft/secret-lifetime.tsx';
import { catalogueQuery } from '../queries.ts';
import { keepSecretDraft, readSecretDraft } from './kept-secret-draft.ts';
import { ShownOnce } from './shown-once.tsx';
import { useAct } from './use-act.ts';

interface Props {
  readonly app: AppAnswer;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/**
 * Creates a client secret, which is shown once. The dialog can't be closed until the developer confirms that it is
 * saved.
 */
export function NewSecret({ app, opened, onClose }: Props) {
  const { credentials } = useWords().apps;
  const [made, setMade] = useState<NewSecretAnswer>();
  const close = () => {
    setMade(undefined);
    keepSecretDraft(app.clientId, undefined);
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
        <Asked app={app} onMade={setMade} onCancel={close} />
      ) : (
        <ShownOnce label={made.name} secret={made.clientSecret} onDone={close} />
      )}
    </Dialog>
  );
}

function Asked({
  app,
  onMade,
  onCancel,
}: {
  readonly app: AppAnswer;
  readonly onMade: (made: NewSecretAnswer) => void;
  readonly onCancel: () => void;
}) {
  const { apps, shell } = useWords();
  const { language } = useLanguage();
  const { credentials } = apps;
  const lifetimes = useQuery(catalogueQuery(language)).data?.secretLifetimes ?? [];
  const [draft, setDraft] = useState(() => readSecretDraft(app.clientId) ?? { name: '', days: '' });
  const usual = lifetimes.find(({ days }) => days === USUAL_DAYS) ?? lifetimes[0];
  const days = draft.days === '' ? String(usual?.days ?? '') : draft.days;
  const make = useAct<NewSecretAnswer>(app.clientId, 'POST', 'secrets', { onDone: onMade });
  const change = (patch: Partial<typeof draft>) => {
    const next = { ...draft, ...patch };
    setDraft(next);
    keepSecretDraft(app.clientId, next);
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
        {make.error === null ? null : <Failure error={make.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {shell.cancel}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {credentials.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
