import { Alert, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconClockHour4, IconInfoCircle } from '@tabler/icons-react';
import type { OwnOrganisations } from '../../../src/portal/contract/organisations.ts';
import { Failure } from '../../shell/states.tsx';
import { useWords } from '../../words/index.ts';
import { useDay } from './days.ts';
import { Make } from './make.tsx';
import { useAct } from './use-act.ts';

/** For developers without an organization: pending requests, an organization to ask, or creating one. */
export function Nowhere({ own }: { readonly own: OwnOrganisations }) {
  const { organisation } = useWords();
  const { nowhere, make } = organisation;
  const declined = own.requests.filter((one) => one.declinedAt !== null);
  return (
    <Stack gap="md" maw={640}>
      <Requests own={own} />
      {own.mayAsk === null ? null : <Ask text={nowhere.askText(own.mayAsk)} button={nowhere.ask(own.mayAsk)} />}
      {declined.length === 0 ? null : <Ask text={null} button={nowhere.askAgain} />}
      <Card component="section" withBorder radius="md" padding="lg">
        <Title order={2} size="h4" mb="sm">
          {make.first}
        </Title>
        <Make />
      </Card>
    </Stack>
  );
}

export function Requests({ own }: { readonly own: OwnOrganisations }) {
  const { nowhere } = useWords().organisation;
  const day = useDay();
  return own.requests.map(({ organisationId, organisationName, askedAt, declinedAt }) => (
    <Alert
      key={organisationId}
      variant="light"
      color={declinedAt === null ? 'blue' : 'gray'}
      icon={declinedAt === null ? <IconClockHour4 aria-hidden /> : <IconInfoCircle aria-hidden />}
      title={declinedAt === null ? nowhere.waiting(organisationName) : nowhere.declined(organisationName)}
    >
      {declinedAt === null ? nowhere.waitingText(day(askedAt)) : nowhere.declinedText(day(declinedAt))}
    </Alert>
  ));
}

function Ask({ text, button }: { readonly text: string | null; readonly button: string }) {
  const { nowhere } = useWords().organisation;
  const mutation = useAct({ successMessage: nowhere.asked });
  return (
    <div>
      {text === null ? null : <Text mb="xs">{text}</Text>}
      {mutation.error === null ? null : <Failure error={mutation.error} />}
      <Group>
        <Button
          loading={mutation.isPending}
          onClick={() => mutation.mutate({ method: 'POST', path: '/developer/organisations/join-requests' })}
        >
          {button}
        </Button>
      </Group>
    </div>
  );
}
