import { Button, Card, Group, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowRight, IconMessageQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AppAnswer, VersionAnswer } from '../../../../src/portal/contract/apps.ts';
import { useSession } from '../../../shell/session.ts';
import { Failure } from '../../../shell/states.tsx';
import { useWords } from '../../../words/index.ts';
import { LongClock } from '../clock.tsx';
import { Copyable } from '../copying.tsx';
import { useDays } from '../days.ts';
import { Dialog } from '../dialog.tsx';
import { canDo, nextOf, placeOf } from '../standing.ts';
import { Stopped } from './stopped.tsx';
import { useAct } from './use-act.ts';

/** Next steps that the top of the page already shows. */
const SAID_ABOVE: readonly ReturnType<typeof nextOf>[] = ['answer', 'why'];

/** State of the app and the next step. */
export function Overview({ app }: { readonly app: AppAnswer }) {
  const { overview } = useWords().apps;
  return (
    <Stack gap="md">
      <Stopped app={app} />
      {app.open !== null && app.open.question !== null ? <Question app={app} open={app.open} /> : null}
      <SimpleGrid cols={{ base: 1, md: app.open === null ? 1 : 2 }} spacing="md">
        <Now app={app} />
        {app.open === null ? null : (
          <Card withBorder radius="md" padding="lg">
            <Stack gap="md">
              <Title order={2} size="h4">
                {overview.review}
              </Title>
              <LongClock open={app.open} />
              {app.may.change ? <Withdraw app={app} /> : null}
            </Stack>
          </Card>
        )}
      </SimpleGrid>
    </Stack>
  );
}

function Now({ app }: { readonly app: AppAnswer }) {
  const { overview, can, next: messages, clientId, created } = useWords().apps;
  const { provisionalApps } = useSession();
  const { day } = useDays();
  const next = nextOf(app);
  return (
    <Card withBorder radius="md" padding="lg">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4" mb={4}>
            {overview.now}
          </Title>
          <Text>{canDo(app, can, provisionalApps)}</Text>
        </div>
        <Copyable label={clientId} value={app.clientId} />
        <Text size="sm" c="dimmed">
          {created(day(app.createdAt))}.{' '}
          {app.firstCallAt === null ? overview.noCall : overview.firstCall(day(app.firstCallAt))}
        </Text>
        {next === undefined || SAID_ABOVE.includes(next) ? null : (
          <div>
            <Button
              component={Link}
              to={placeOf(app.clientId, next)}
              variant={next === 'usage' ? 'default' : 'filled'}
              rightSection={<IconArrowRight size={18} aria-hidden />}
            >
              {messages[next]}
            </Button>
          </div>
        )}
      </Stack>
    </Card>
  );
}

function Question({ app, open }: { readonly app: AppAnswer; readonly open: VersionAnswer }) {
  const { overview } = useWords().apps;
  const { day } = useDays();
  const [response, setAnswer] = useState('');
  const send = useAct(app.clientId, 'POST', 'answer', { successMessage: overview.answered });
  return (
    <Card withBorder radius="md" padding="lg" component="section">
      <Stack gap="md">
        <Group gap="xs" wrap="nowrap">
          <IconMessageQuestion size={22} color="var(--mantine-color-orange-filled)" aria-hidden />
          <Title order={2} size="h4">
            {overview.question}
          </Title>
        </Group>
        <Text style={{ whiteSpace: 'pre-wrap' }}>{open.question}</Text>
        {open.askedAt === null ? null : (
          <Text size="sm" c="dimmed">
            {overview.asked(day(open.askedAt))}
          </Text>
        )}
        {app.may.change ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              send.mutate({ text: response });
            }}
          >
            <Stack gap="sm">
              <Textarea
                label={overview.answer}
                autosize
                minRows={3}
                maxLength={2000}
                required
                withAsterisk={false}
                value={response}
                onChange={(event) => setAnswer(event.currentTarget.value)}
              />
              {send.error === null ? null : <Failure error={send.error} />}
              <div>
                <Button type="submit" loading={send.isPending}>
                  {overview.sendAnswer}
                </Button>
              </div>
            </Stack>
          </form>
        ) : null}
      </Stack>
    </Card>
  );
}

function Withdraw({ app }: { readonly app: AppAnswer }) {
  const { apps, shell } = useWords();
  const { overview } = apps;
  const [opened, { open, close }] = useDisclosure();
  const withdraw = useAct(app.clientId, 'POST', 'withdraw', { successMessage: overview.withdrawn, onDone: close });
  return (
    <>
      <div>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={open}>
          {overview.withdraw}
        </Button>
      </div>
      <Dialog opened={opened} onClose={close} title={overview.withdraw}>
        <Stack>
          <Text>{overview.withdrawSure}</Text>
          {withdraw.error === null ? null : <Failure error={withdraw.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {shell.cancel}
            </Button>
            <Button loading={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
              {overview.withdraw}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}
