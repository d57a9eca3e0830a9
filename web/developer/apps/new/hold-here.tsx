import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useWords } from '../../../words/index.ts';
import { Dialog } from '../dialog.tsx';

/** What can't be shown again is not left by accident: neither by a link nor by closing the tab. */
export function HoldHere({ held }: { readonly held: boolean }) {
  const { stay } = useWords().apps.made;
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!held) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      // Downloads, other tabs and places on this page leave nothing.
      if (link === null || link.download !== '' || link.target === '_blank' || link.hash !== '') return;
      event.preventDefault();
      event.stopPropagation();
      setAsked(true);
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [held]);
  return (
    <Dialog opened={held && asked} onClose={() => setAsked(false)} title={stay.title}>
      <Stack>
        <Text>{stay.text}</Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={() => setAsked(false)}>
            {stay.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
