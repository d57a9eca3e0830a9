import { Modal } from '@mantine/core';
import { useMessages } from '../../i18n/index.ts';

/**
 * A modal dialog. Mantine's scroll lock is off, because it adds an inline style element, which a
 * Content-Security-Policy blocks without a nonce.
 */
export function Dialog({
  opened,
  onClose,
  title,
  closable = true,
  children,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly closable?: boolean;
  readonly children: React.ReactNode;
}) {
  const { shell } = useMessages();
  return (
    <Modal
      opened={opened}
      onClose={closable ? onClose : () => {}}
      withCloseButton={closable}
      closeButtonProps={{ 'aria-label': shell.close }}
      title={title}
      lockScroll={false}
      centered
    >
      {children}
    </Modal>
  );
}
