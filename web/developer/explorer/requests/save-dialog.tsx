import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../../../shell/dialog.tsx';
import { notify } from '../../../shell/notifications.tsx';
import type { OpenApiDocuments } from '../open-api.ts';
import { isStorable, NAME_LIMIT, type RequestStore, SAVED_LIMIT, saveUnderName } from '../request-store.ts';
import { NameField } from './name-field.tsx';
import { RequestLine } from './request-line.tsx';
import { requestPaths } from './request-paths.ts';

/** Dialog that saves a request under a name. */
export default function SaveDialog({
  documents,
  store,
  search,
  close,
}: {
  readonly documents: OpenApiDocuments;
  readonly store: RequestStore;
  /** The request to save. */
  readonly search: string;
  readonly close: () => void;
}) {
  const { requests: messages } = useMessages().explorer;
  const { shell } = useMessages();
  const paths = requestPaths(search, documents);
  const sameRequest = store.saved.find((saved) => saved.search === search);
  const [name, setName] = useState(sameRequest?.name ?? paths[0]?.path.slice(1, NAME_LIMIT + 1) ?? '');
  const trimmed = name.trim();
  const replaces = store.saved.some((saved) => saved.name === trimmed);
  const isFull = !replaces && store.saved.length >= SAVED_LIMIT;
  const isTooLong = !isStorable(search);
  return (
    <Dialog opened title={messages.save} size="lg" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed === '' || isFull || isTooLong) return;
          store.update((stored) => saveUnderName(stored, { name: trimmed, search }));
          close();
          notify(messages.savedAs(trimmed));
        }}
      >
        <Stack gap="sm">
          <div>
            {paths.map(({ version, path }) => (
              <RequestLine key={version} version={version} path={path} />
            ))}
          </div>
          <NameField name={name} change={setName} />
          <div role="status">
            {isTooLong ? (
              <Text size="sm">{messages.tooLong}</Text>
            ) : isFull ? (
              <Text size="sm">{messages.full(SAVED_LIMIT)}</Text>
            ) : replaces ? (
              <Text size="sm">{messages.replaces}</Text>
            ) : null}
          </div>
          <Text size="sm" c="dimmed">
            {messages.savedNote} {messages.lasts[store.lasts]}
          </Text>
          <Group gap="xs">
            <Button type="submit" disabled={isFull || isTooLong}>
              {replaces ? messages.replace : messages.save}
            </Button>
            <Button variant="default" onClick={close}>
              {shell.cancel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
