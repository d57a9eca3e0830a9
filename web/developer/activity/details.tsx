import { Button, Collapse, Stack } from '@mantine/core';
import { useDisclosure, useId } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import type { LogItem } from '../../../src/portal/contract/activity.ts';
import { useSession } from '../../shell/session.ts';
import { useWords } from '../../words/index.ts';
import { CodeBlock, Copyable } from '../apps/copying.tsx';
import { curlOf } from './curl.ts';
import { requestInWords } from './in-words.ts';

export interface Opened {
  readonly id: string;
  readonly opened: boolean;
  readonly toggle: () => void;
}

export function useDetails(): Opened {
  const [opened, { toggle }] = useDisclosure();
  return { id: useId(), opened, toggle };
}

export function DetailsButton({ item, details }: { readonly item: LogItem; readonly details: Opened }) {
  const messages = useWords();
  const { log } = messages.activity;
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      onClick={details.toggle}
      aria-expanded={details.opened}
      aria-controls={details.id}
      aria-label={log.detailsOf(requestInWords(item, messages))}
      rightSection={<IconChevronDown size={16} aria-hidden />}
    >
      {log.details}
    </Button>
  );
}

/** Details to pass on to an operator, and a command that repeats the request. */
export function Details({
  item,
  clientId,
  details,
}: {
  readonly item: LogItem;
  readonly clientId: string;
  readonly details: Opened;
}) {
  const { log } = useWords().activity;
  const { addresses } = useSession();
  return (
    <Collapse id={details.id} expanded={details.opened}>
      {details.opened ? (
        <Stack gap="sm" py="xs">
          <Copyable label={log.requestId} value={item.requestId} />
          {item.patient?.id == null ? null : <Copyable label={log.patientId} value={item.patient.id} />}
          <CodeBlock label={log.curl} code={curlOf(item, clientId, addresses)} />
        </Stack>
      ) : null}
    </Collapse>
  );
}
