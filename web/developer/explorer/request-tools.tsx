import { Box, Button, Group } from '@mantine/core';
import { IconBookmark, IconHistory } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { type ExplorerAddress, readAddress, toStoredSearch } from './explorer-address.ts';
import type { OpenApiDocuments } from './open-api.ts';
import type { RequestStore } from './request-store.ts';

// The dialogs are loaded when they are opened, so that the page itself loads faster.
const HistoryDialog = lazy(() => import('./requests/history-dialog.tsx'));
const SavedDialog = lazy(() => import('./requests/saved-dialog.tsx'));
const SaveDialog = lazy(() => import('./requests/save-dialog.tsx'));

/** Buttons that save the request in the form, and open the saved requests and the history. */
export function RequestTools({
  documents,
  store,
  address,
  send,
}: {
  readonly documents: OpenApiDocuments;
  readonly store: RequestStore;
  /** The request in the form. */
  readonly address: ExplorerAddress;
  readonly send: (address: ExplorerAddress) => void;
}) {
  const { requests: messages } = useMessages().explorer;
  const [opened, setOpened] = useState<'history' | 'saved' | 'save'>();
  /** Request that the dialog saves: the one in the form, or one of the history. */
  const [toSave, setToSave] = useState('');
  const close = () => setOpened(undefined);
  const save = (search: string) => {
    setToSave(search);
    setOpened('save');
  };
  const shared = {
    documents,
    store,
    close,
    send: (search: string) => {
      close();
      send(readAddress(new URLSearchParams(search), documents.r4));
    },
  };
  return (
    <Group gap={0} mx={-6}>
      <Button {...TOOL} onClick={() => save(toStoredSearch(address))}>
        {messages.save}
      </Button>
      <Button {...TOOL} onClick={() => setOpened('saved')}>
        <ToolIcon icon={IconBookmark} />
        {messages.saved(store.saved.length)}
      </Button>
      <Button {...TOOL} onClick={() => setOpened('history')}>
        <ToolIcon icon={IconHistory} />
        {messages.history(store.history.length)}
      </Button>
      <Suspense>
        {opened === 'history' ? <HistoryDialog {...shared} save={save} /> : null}
        {opened === 'saved' ? <SavedDialog {...shared} current={toStoredSearch(address)} /> : null}
        {opened === 'save' ? <SaveDialog {...shared} search={toSave} /> : null}
      </Suspense>
    </Group>
  );
}

/** Style of the buttons. On phones they are smaller, so that they fit into one row. */
const TOOL = { size: 'compact-sm', variant: 'subtle', px: { base: 6, sm: 8 }, fz: { base: 'xs', sm: 'sm' } } as const;

/** Icon of a button. Phones show only its text, so that the buttons fit into one row. */
const ToolIcon = ({ icon: Icon }: { readonly icon: typeof IconHistory }) => (
  <Box component="span" visibleFrom="sm" display="inline-flex" mr={4}>
    <Icon size={16} aria-hidden />
  </Box>
);
