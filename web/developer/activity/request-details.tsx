import { Button, Collapse, Stack } from '@mantine/core';
import { useDisclosure, useId } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { AppLogItem } from '../../../src/portal-api/contract/activity.ts';
import { useMessages } from '../../i18n/index.ts';
import { useSession } from '../../shell/session.ts';
import { CodeBlock, CopyableValue } from '../apps/copyable.tsx';
import { toCurl } from './curl.ts';
import { requestText } from './request-text.ts';

export interface DetailsState {
  readonly id: string;
  readonly opened: boolean;
  readonly toggle: () => void;
}

export function useDetails(): DetailsState {
  const [opened, { toggle }] = useDisclosure();
  return { id: useId(), opened, toggle };
}

export function DetailsButton({ item, details }: { readonly item: AppLogItem; readonly details: DetailsState }) {
  const messages = useMessages();
  const { log } = messages.activity;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      onClick={details.toggle}
      aria-expanded={details.opened}
      aria-controls={details.id}
      aria-label={log.detailsOf(requestText(item, messages))}
      rightSection={<IconChevronDown size={16} aria-hidden />}
    >
      {log.details}
    </Button>
  );
}

/** Shows details of a request that a developer can send to an operator, and a curl command that repeats the request. */
export function Details({
  item,
  clientId,
  details,
}: {
  readonly item: AppLogItem;
  readonly clientId: string;
  readonly details: DetailsState;
}) {
  const { log } = useMessages().activity;
  const { addresses } = useSession();
  return (
    <Collapse id={details.id} expanded={details.opened}>
      {details.opened ? (
        <Stack gap="sm" py="xs">
          <CopyableValue label={log.requestId} value={item.requestId} />
          {item.patient?.id == null ? null : <CopyableValue label={log.patientId} value={item.patient.id} />}
          <CodeBlock label={log.curl} code={toCurl(item, clientId, addresses)} />
        </Stack>
      ) : null}
    </Collapse>
  );
}
