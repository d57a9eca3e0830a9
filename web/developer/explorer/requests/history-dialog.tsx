import { Button, Group, Stack, Text } from '@mantine/core';
import { useMessages } from '../../../i18n/index.ts';
import { useDates } from '../../../i18n/use-dates.ts';
import { Dialog } from '../../../shell/dialog.tsx';
import { HISTORY_LIMIT, type RequestHistoryEntry, type RequestStore } from '../request-store.ts';
import { RequestLine, ResultLine } from './request-line.tsx';
import classes from './requests.module.css';
import { UndoLine, useUndo } from './undo.tsx';

/** Dialog with the requests that were sent, the newest first. Each can be sent again. */
export default function HistoryDialog({
  store,
  send,
  save,
  close,
}: {
  readonly store: RequestStore;
  readonly send: (search: string) => void;
  readonly save: (search: string) => void;
  readonly close: () => void;
}) {
  const { requests: messages } = useMessages().explorer;
  const undo = useUndo();
  const clear = () => {
    const removed = store.history;
    store.update((stored) => ({ ...stored, history: [] }));
    undo.show({
      text: messages.cleared,
      undo: () =>
        store.update((stored) => ({ ...stored, history: [...stored.history, ...removed].slice(0, HISTORY_LIMIT) })),
    });
  };
  return (
    <Dialog opened title={messages.historyTitle} size="xl" onClose={close}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {messages.historyNote(HISTORY_LIMIT)} {messages.lasts[store.lasts]}
        </Text>
        {store.history.length === 0 ? (
          <Text>{messages.noHistory}</Text>
        ) : (
          <>
            <div>
              <Button size="compact-sm" variant="default" onClick={clear}>
                {messages.clearHistory}
              </Button>
            </div>
            <ul className={classes['list']}>
              {store.history.map((entry) => (
                <Entry key={`${entry.batch} ${entry.search}`} entry={entry} send={send} save={save} />
              ))}
            </ul>
          </>
        )}
        <UndoLine undo={undo} />
      </Stack>
    </Dialog>
  );
}

function Entry({
  entry: { at, search, requests },
  send,
  save,
}: {
  readonly entry: RequestHistoryEntry;
  readonly send: (search: string) => void;
  readonly save: (search: string) => void;
}) {
  const { requests: messages } = useMessages().explorer;
  const { second } = useDates();
  const path = requests[0]?.path ?? '';
  return (
    <li className={classes['entry']}>
      <Stack gap={4} miw={0}>
        <Text size="xs" c="dimmed">
          {second(at)}
        </Text>
        {requests.map((request) => (
          <Group key={request.version} gap="0.25rem 1rem" justify="space-between">
            <RequestLine version={request.version} path={request.path} />
            <ResultLine request={request} />
          </Group>
        ))}
      </Stack>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" onClick={() => send(search)} aria-label={messages.sendAgainOf(path)}>
          {messages.sendAgain}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => save(search)}
          aria-label={`${messages.saveThis}: ${path}`}
        >
          {messages.saveThis}
        </Button>
      </Group>
    </li>
  );
}
