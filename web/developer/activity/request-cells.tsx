import { Anchor, Badge, Group, Stack, Text } from '@mantine/core';
import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { useDates } from '../../i18n/use-dates.ts';
import { fixText, requestText } from './request-text.ts';

interface LogItemProps {
  readonly item: AppLogItem;
}

/** Shows the name of a request and of its search parameters. Parameter values are not logged. */
export function RequestCell({ item }: LogItemProps) {
  const messages = useMessages();
  const { log } = messages.activity;
  const { granted } = item;
  const names = item.parameters.join(', ');
  const others = item.others === 0 ? '' : log.unknownNames(item.others);
  return (
    <Stack gap={0} miw={0}>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {requestText(item, messages)}
      </Text>
      {granted === null ? null : (
        <Text size="xs" c="dimmed">
          {messages.apps.authentication.methods[granted.auth].name}
        </Text>
      )}
      {item.interaction === null || granted !== null ? null : (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {log.endpoints[item.endpoint]}
          {item.interaction === 'search' ? ` · ${[names, others].filter(Boolean).join(' ') || log.noParameters}` : ''}
        </Text>
      )}
    </Stack>
  );
}

/** Shows the pseudonym of the patient whose data the request read, or the number of patients. */
export function PatientCell({ item: { patient, patients } }: LogItemProps) {
  const { log } = useMessages().activity;
  if (patient === null) return <Text size="sm">{patients > 1 ? log.patients(patients) : log.noPatient}</Text>;
  return (
    <Stack gap={0}>
      <Text size="sm" ff="monospace">
        {patient.pseudonym}
      </Text>
      <Text size="xs" c="dimmed">
        {patient.live ? log.livePatient : log.sandboxPatient}
      </Text>
    </Stack>
  );
}

/** Shows the result of a request. If it failed, also shows the cause and how to fix it. */
export function ResultCell({ item }: LogItemProps) {
  const messages = useMessages();
  const { log } = messages.activity;
  const { status, error, cause, resources, proved, granted } = item;
  if (error === null) {
    return (
      <Group gap="xs">
        <Badge color="success" variant="light" radius="sm">
          {status}
        </Badge>
        {resources === null ? null : <Text size="sm">{log.resources(resources)}</Text>}
        {granted === null ? null : (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {granted.scope}
          </Text>
        )}
      </Group>
    );
  }
  return (
    <Stack gap={2} miw={0}>
      <Group gap="xs">
        <Badge color="danger" variant="light" radius="sm" tt="none">
          {status === null ? error : `${status} ${error}`}
        </Badge>
      </Group>
      {proved ? null : (
        <Text size="xs" c="dimmed">
          {log.unauthenticated}
        </Text>
      )}
      <Text size="sm" lang="en" style={{ overflowWrap: 'anywhere' }}>
        {cause}
      </Text>
      <Text size="sm" c="dimmed">
        {fixText(error, messages)}{' '}
        <Anchor href={`/docs/errors#${error}`} size="sm" underline="always">
          {log.docs(error)}
        </Anchor>
      </Text>
    </Stack>
  );
}

/** Shows the time of a log entry in the reader's time zone, with seconds. */
export function TimeCell({ at }: { readonly at: string }) {
  const { day, time } = useDates();
  return (
    <time dateTime={at}>
      <Text size="sm" style={{ whiteSpace: 'nowrap' }} component="span" display="block">
        {time(at)}
      </Text>
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }} component="span" display="block">
        {day(at)}
      </Text>
    </time>
  );
}
