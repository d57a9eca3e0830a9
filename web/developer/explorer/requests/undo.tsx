import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';

/** A change that can be undone, and the text that says what changed. */
interface DoneChange {
  readonly text: string;
  readonly undo: () => void;
}

export interface Undo {
  readonly done: DoneChange | undefined;
  readonly show: (done: DoneChange | undefined) => void;
}

export function useUndo(): Undo {
  const [done, show] = useState<DoneChange>();
  return { done, show };
}

/**
 * Says what the last click removed, with a button that restores it. Dialogs need this line, because notifications are
 * behind them.
 */
export function UndoLine({ undo: { done, show } }: { readonly undo: Undo }) {
  const { shell } = useMessages();
  return (
    <div role="status">
      {done === undefined ? null : (
        <Group gap="xs">
          <Text size="sm">{done.text}</Text>
          <Button
            key={done.text}
            size="compact-sm"
            variant="default"
            // The clicked button is gone, so the focus moves here, and afterwards to the dialog.
            autoFocus
            onClick={(event) => {
              event.currentTarget.closest('dialog')?.focus();
              done.undo();
              show(undefined);
            }}
          >
            {shell.undo}
          </Button>
        </Group>
      )}
    </div>
  );
}
