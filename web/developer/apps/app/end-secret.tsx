import { Button, Group, Stack, Text } from '@mantine/core';
import type { AppAnswer, SecretAnswer } from '../../../../src/portal/contract/apps.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { Dialog } from '../dialog.tsx';
import { useAct } from './use-act.ts';

/** @param secret the secret to end; undefined keeps the dialog closed */
export function EndSecret({
  app,
  secret,
  onClose,
}: {
  readonly app: AppAnswer;
  readonly secret: SecretAnswer | undefined;
  readonly onClose: () => void;
}) {
  const { apps, shell } = useWords();
  const { credentials } = apps;
  const end = useAct(app.clientId, 'DELETE', `secrets/${secret?.secretId}`, {
    successMessage: credentials.endedNow,
    onDone: onClose,
  });
  return (
    <Dialog opened={secret !== undefined} onClose={onClose} title={credentials.endSure(secret?.name ?? '')}>
      <Stack>
        <Text>{credentials.endText}</Text>
        {end.error === null ? null : <Failure error={end.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell.cancel}
          </Button>
          <Button color="red" loading={end.isPending} onClick={() => end.mutate(undefined)}>
            {credentials.end}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
