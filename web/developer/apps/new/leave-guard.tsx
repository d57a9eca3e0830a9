import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useMessages } from '../../../i18n/index.ts';
import { Dialog } from '../../../shell/dialog.tsx';

/**
 * Asks for confirmation before the user leaves the page, by a link or by closing the tab, while the page shows
 * a client secret, which can't be shown again. A button that leaves the page has the attribute `data-leaves-page`.
 * @param secret undefined if there is none, or the developer has saved it
 * @param onCopy called when the developer copies the secret in the dialog
 */
export function LeaveGuard({ secret, onCopy }: { readonly secret: string | undefined; readonly onCopy: () => void }) {
  const isBlocked = secret !== undefined;
  const { secretNotStored } = useMessages().apps.registered;
  const [isConfirming, setConfirming] = useState(false);
  /** The link or button that the developer clicked. */
  const clicked = useRef<HTMLElement>(null);
  /** Whether to click it again when nothing is blocked anymore. */
  const continues = useRef(false);
  useEffect(() => {
    if (!isBlocked) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const leaving = event.target instanceof Element ? findLeaving(event.target) : null;
      if (leaving === null) return;
      event.preventDefault();
      event.stopPropagation();
      clicked.current = leaving;
      setConfirming(true);
    };
    window.addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [isBlocked]);
  // Runs after the listeners above are removed.
  useEffect(() => {
    if (isBlocked || !continues.current) return;
    continues.current = false;
    clicked.current?.click();
  }, [isBlocked]);
  const copyAndContinue = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The browser doesn't allow it. The page shows the secret and its other buttons.
      return setConfirming(false);
    }
    continues.current = true;
    onCopy();
  };
  return (
    <Dialog opened={isBlocked && isConfirming} onClose={() => setConfirming(false)} title={secretNotStored.title}>
      <Stack>
        <Text>{secretNotStored.text}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setConfirming(false)}>
            {secretNotStored.stay}
          </Button>
          <Button data-autofocus onClick={() => void copyAndContinue(secret ?? '')}>
            {secretNotStored.copy}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** Returns the link or button with which a click leaves the page. Downloads, new tabs and links within it don't. */
function findLeaving(target: Element): HTMLElement | null {
  const link = target.closest('a');
  if (link === null) return target.closest<HTMLElement>('[data-leaves-page]');
  return link.download === '' && link.target !== '_blank' && link.hash === '' ? link : null;
}
