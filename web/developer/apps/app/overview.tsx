import { Button, Card, Group, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowRight, IconMessageQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AppResponse, AppVersionResponse } from '../../../../src/portal-api/contract/apps.ts';
import { useMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { Dialog } from '../../../shell/dialog.tsx';
import { FormActions } from '../../../shell/form-actions.tsx';
import { ErrorState } from '../../../shell/page-states.tsx';
import { useSession } from '../../../shell/session.ts';
import { accessText, nextStep, nextStepUrl } from '../app-status.ts';
import { CopyableValue } from '../copyable.tsx';
import { DeadlineTimeline } from '../review-deadline.tsx';
import { StoppedApp } from './stopped-app.tsx';
import { useAppMutation } from './use-app-mutation.ts';

/** Next steps that the overview leaves out, because the top of the page already shows them. */
const SHOWN_ABOVE: readonly ReturnType<typeof nextStep>[] = ['answer', 'why'];

/** Shows the state of an app and the developer's next step. */
export function Overview({ app }: { readonly app: AppResponse }) {
  const { overview } = useMessages().apps;
  return (
    <Stack gap="md">
      <StoppedApp app={app} />
      {app.open !== null && app.open.question !== null ? <ReviewQuestion app={app} open={app.open} /> : null}
      <SimpleGrid cols={{ base: 1, md: app.open === null ? 1 : 2 }} spacing="md">
        <CurrentStatus app={app} />
        {app.open === null ? null : (
          <Card withBorder radius="md" padding="lg">
            <Stack gap="md">
              <Title order={2} size="h4">
                {overview.review}
              </Title>
              {app.open.clock === null ? null : <DeadlineTimeline open={app.open} clock={app.open.clock} />}
              {app.may.change ? <WithdrawVersion app={app} /> : null}
            </Stack>
          </Card>
        )}
      </SimpleGrid>
    </Stack>
  );
}

function CurrentStatus({ app }: { readonly app: AppResponse }) {
  const { overview, abilities, next: messages, clientId, created } = useMessages().apps;
  const { provisionalApps } = useSession();
  const { day } = useDates();
  const next = nextStep(app);
  return (
    <Card withBorder radius="md" padding="lg">
      <Stack gap="md">
        <div>
          <Title order={2} size="h4" mb={4}>
            {overview.now}
          </Title>
          <Text>{accessText(app, abilities, provisionalApps)}</Text>
        </div>
        <CopyableValue label={clientId} value={app.clientId} />
        <Text size="sm" c="dimmed">
          {created(day(app.createdAt))}.{' '}
          {app.firstCallAt === null ? overview.noCall : overview.firstCall(day(app.firstCallAt))}
        </Text>
        {next === undefined || SHOWN_ABOVE.includes(next) ? null : (
          <div>
            <Button
              component={Link}
              to={nextStepUrl(app.clientId, next)}
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

function ReviewQuestion({ app, open }: { readonly app: AppResponse; readonly open: AppVersionResponse }) {
  const { overview } = useMessages().apps;
  const { day } = useDates();
  const [response, setAnswer] = useState('');
  const send = useAppMutation(app.clientId, 'POST', 'answer', { successMessage: overview.answered });
  return (
    <Card withBorder radius="md" padding="lg" component="section">
      <Stack gap="md">
        <Group gap="xs" wrap="nowrap">
          <IconMessageQuestion size={22} color="var(--mantine-color-warning-filled)" aria-hidden />
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
              {send.error === null ? null : <ErrorState error={send.error} />}
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

function WithdrawVersion({ app }: { readonly app: AppResponse }) {
  const { apps } = useMessages();
  const { overview } = apps;
  const [opened, { open, close }] = useDisclosure();
  const withdraw = useAppMutation(app.clientId, 'POST', 'withdraw', {
    successMessage: overview.withdrawn,
    onDone: close,
  });
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
          <FormActions
            action={withdraw}
            label={overview.withdraw}
            onCancel={close}
            onConfirm={() => withdraw.mutate(undefined)}
          />
        </Stack>
      </Dialog>
    </>
  );
}
