import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../../../shell/dialog.tsx';

/**
 * Asks for confirmation before the user leaves the page, by a link or by closing the tab, while the page shows
 * something that can't be shown again, such as a client secret. A button that leaves the page has the attribute
 * `data-leaves-page`.
 */
export function LeaveGuard({ isBlocked }: { readonly isBlocked: boolean }) {
  const { secretNotStored } = useMessages().apps.registered;
  const [isConfirming, setConfirming] = useState(false);
  useEffect(() => {
    if (!isBlocked) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || !leavesPage(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      setConfirming(true);
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [isBlocked]);
  return (
    <Dialog opened={isBlocked && isConfirming} onClose={() => setConfirming(false)} title={secretNotStored.title}>
      <Stack>
        <Text>{secretNotStored.text}</Text>
        <Group justify="flex-end">
          <Button data-autofocus onClick={() => setConfirming(false)}>
            {secretNotStored.stay}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Returns whether a click leaves the page. Downloads, links to new tabs and links within the page don't. */
function leavesPage(clicked: Element): boolean {
  const link = clicked.closest('a');
  if (link === null) return clicked.closest('[data-leaves-page]') !== null;
  return link.download === '' && link.target !== '_blank' && link.hash === '';
}
