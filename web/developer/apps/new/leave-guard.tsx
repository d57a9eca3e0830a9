import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../dialog.tsx';

/**
 * Asks for confirmation before the user leaves the page, by a link or by closing the tab, while the page shows
 * something that can't be shown again, such as a client secret.
 */
export function LeaveGuard({ held }: { readonly held: boolean }) {
  const { secretNotStored } = useMessages().apps.registered;
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    if (!held) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      // Downloads, links to new tabs and links within the page don't leave the page.
      if (link === null || link.download !== '' || link.target === '_blank' || link.hash !== '') return;
      event.preventDefault();
      event.stopPropagation();
      setAsking(true);
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [held]);
  return (
    <Dialog opened={held && isAsking} onClose={() => setAsking(false)} title={secretNotStored.title}>
      <Stack>
        <Text>{secretNotStored.text}</Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={() => setAsking(false)}>
            {secretNotStored.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
