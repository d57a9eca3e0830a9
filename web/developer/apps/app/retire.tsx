import { Button, Card, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { AppAnswer } from '../../../../src/portal/contract/apps.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { Dialog } from '../dialog.tsx';
import { useAct } from './use-act.ts';

/** Retires the app permanently. The developer types its name to prevent a slip. */
export function Retire({ app }: { readonly app: AppAnswer }) {
  const { retire } = useWords().apps;
  const [opened, { open, close }] = useDisclosure();
  return (
    <Card
      component="section"
      withBorder
      radius="md"
      padding="lg"
      style={{ borderColor: 'var(--mantine-color-red-outline)' }}
    >
      <Stack gap="sm">
        <Title order={2} size="h4">
          {retire.title}
        </Title>
        <Text>{retire.text}</Text>
        {app.may.administer ? (
          <div>
            <Button color="red" variant="outline" onClick={open}>
              {retire.open}
            </Button>
          </div>
        ) : (
          <Text size="sm" c="dimmed">
            {retire.admins}
          </Text>
        )}
      </Stack>
      <RetireDialog app={app} opened={opened} close={close} />
    </Card>
  );
}

function RetireDialog({
  app,
  opened,
  close,
}: {
  readonly app: AppAnswer;
  readonly opened: boolean;
  readonly close: () => void;
}) {
  const { apps, shell } = useWords();
  const { retire } = apps;
  const [typed, setTyped] = useState('');
  const mutation = useAct(app.clientId, 'POST', 'retire', { successMessage: retire.done, onDone: close });
  return (
    <Dialog opened={opened} onClose={close} title={retire.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === app.name) mutation.mutate(undefined);
        }}
      >
        <Stack>
          <Text>{retire.text}</Text>
          <TextInput
            data-autofocus
            label={retire.type(app.name)}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {mutation.error === null ? null : <Failure error={mutation.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {shell.cancel}
            </Button>
            <Button type="submit" color="red" loading={mutation.isPending} disabled={typed.trim() !== app.name}>
              {retire.go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
