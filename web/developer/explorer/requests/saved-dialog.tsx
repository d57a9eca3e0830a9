import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../../../shell/dialog.tsx';
import type { OpenApiDocuments } from '../open-api.ts';
import { isStorable, type RequestStore, type SavedRequest, saveUnderName } from '../request-store.ts';
import { NameField } from './name-field.tsx';
import { toPostmanCollection } from './postman.ts';
import { RequestLine } from './request-line.tsx';
import { requestPaths } from './request-paths.ts';
import classes from './requests.module.css';
import { UndoLine, useUndo } from './undo.tsx';

interface SavedDialogProps {
  readonly documents: OpenApiDocuments;
  readonly store: RequestStore;
  /** The request in the form. */
  readonly current: string;
  readonly send: (search: string) => void;
  readonly close: () => void;
}

/** Dialog with the saved requests. Each can be sent, edited and deleted, and all can be exported. */
export default function SavedDialog({ documents, store, current, send, close }: SavedDialogProps) {
  const { title, requests: messages } = useMessages().explorer;
  const undo = useUndo();
  const [edited, setEdited] = useState<string>();
  /** Name of the request that was edited last. Its button gets the focus back. */
  const [wasEdited, setWasEdited] = useState<string>();
  const remove = (request: SavedRequest) => {
    store.update((stored) => ({ ...stored, saved: stored.saved.filter(({ name }) => name !== request.name) }));
    undo.show({
      text: messages.deleted(request.name),
      undo: () => store.update((stored) => saveUnderName(stored, request)),
    });
  };
  return (
    <Dialog opened title={messages.savedTitle} size="xl" onClose={close}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {messages.savedNote} {messages.lasts[store.lasts]}
        </Text>
        {store.saved.length === 0 ? <Text>{messages.noneSaved}</Text> : null}
        <ul className={classes['list']}>
          {store.saved.map((request) =>
            request.name === edited ? (
              <li key={request.name} className={classes['entry']}>
                <EditForm
                  documents={documents}
                  store={store}
                  request={request}
                  current={current}
                  done={(name) => {
                    setEdited(undefined);
                    setWasEdited(name);
                  }}
                />
              </li>
            ) : (
              <Entry
                key={request.name}
                documents={documents}
                request={request}
                takesFocus={request.name === wasEdited}
                send={() => send(request.search)}
                edit={() => setEdited(request.name)}
                remove={() => remove(request)}
              />
            ),
          )}
        </ul>
        <UndoLine undo={undo} />
        {store.saved.length === 0 ? null : (
          <div>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() =>
                download('explorer.postman_collection.json', toPostmanCollection(title, store.saved, documents))
              }
            >
              {messages.exportAll}
            </Button>
          </div>
        )}
      </Stack>
    </Dialog>
  );
}

function Entry({
  documents,
  request: { name, search },
  takesFocus,
  send,
  edit,
  remove,
}: {
  readonly documents: OpenApiDocuments;
  readonly request: SavedRequest;
  readonly takesFocus: boolean;
  readonly send: () => void;
  readonly edit: () => void;
  readonly remove: () => void;
}) {
  const { request, requests: messages } = useMessages().explorer;
  return (
    <li className={classes['entry']}>
      <Stack gap={4} miw={0}>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {name}
        </Text>
        {requestPaths(search, documents).map(({ version, path }) => (
          <RequestLine key={version} version={version} path={path} />
        ))}
      </Stack>
      <Group gap="xs" wrap="nowrap">
        <Button size="compact-sm" onClick={send} aria-label={`${request.send}: ${name}`}>
          {request.send}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={edit}
          autoFocus={takesFocus}
          aria-label={`${messages.edit}: ${name}`}
        >
          {messages.edit}
        </Button>
        <Button size="compact-sm" variant="default" onClick={remove} aria-label={`${messages.remove}: ${name}`}>
          {messages.remove}
        </Button>
      </Group>
    </li>
  );
}

/** Form that renames a saved request, and can replace it with the request in the explorer's form. */
function EditForm({
  documents,
  store,
  request,
  current,
  done,
}: Pick<SavedDialogProps, 'documents' | 'store' | 'current'> & {
  readonly request: SavedRequest;
  /** Closes the form. Gets the name of the request. */
  readonly done: (name: string) => void;
}) {
  const { requests: messages } = useMessages().explorer;
  const { shell } = useMessages();
  const [name, setName] = useState(request.name);
  const [usesCurrent, setUsesCurrent] = useState(false);
  const trimmed = name.trim();
  const isTaken = trimmed !== request.name && store.saved.some((saved) => saved.name === trimmed);
  const search = usesCurrent ? current : request.search;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed === '' || isTaken) return;
        store.update((stored) => saveUnderName(stored, { name: trimmed, search }, request.name));
        done(trimmed);
      }}
    >
      <Stack gap="sm">
        <NameField name={name} change={setName} error={isTaken ? messages.nameTaken : undefined} />
        {current === request.search || !isStorable(current) ? null : (
          <Switch
            size="sm"
            label={messages.useCurrent}
            checked={usesCurrent}
            onChange={(event) => setUsesCurrent(event.currentTarget.checked)}
          />
        )}
        <div>
          {requestPaths(search, documents).map(({ version, path }) => (
            <RequestLine key={version} version={version} path={path} />
          ))}
        </div>
        <Group gap="xs">
          <Button type="submit" size="compact-sm">
            {messages.saveChanges}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => done(request.name)}>
            {shell.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function download(fileName: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken the content when the click returns.
  URL.revokeObjectURL(url);
}
