import { useId, useLayoutEffect, useRef } from 'react';
import { useMessages } from '../i18n/index.ts';
import classes from './dialog.module.css';

interface DialogProps {
  readonly onClose: () => void;
  readonly title: string;
  readonly size?: 'md' | 'lg' | 'xl';
  /** Whether Escape, a press outside and the close button close the dialog. */
  readonly closable?: boolean;
  readonly children: React.ReactNode;
}

/** A modal dialog. The browser keeps the focus inside, and gives it back to the pressed button at the end. */
export function Dialog({ opened, ...props }: DialogProps & { readonly opened: boolean }) {
  return opened ? <OpenDialog {...props} /> : null;
}

function OpenDialog({ onClose, title, size = 'md', closable = true, children }: DialogProps) {
  const { shell } = useMessages();
  const titleId = useId();
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog === null) return;
    dialog.showModal();
    focusContent(dialog);
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={`${classes['dialog']} ${classes[size]}`}
      aria-labelledby={titleId}
      tabIndex={-1}
      {...{ closedby: closable ? 'any' : 'none' }}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        if (closable) onClose();
      }}
    >
      <div className={classes['head']}>
        <h2 id={titleId}>{title}</h2>
        {closable ? (
          <button type="button" aria-label={shell.close} onClick={onClose}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 6l12 12M18 6 6 18" />
            </svg>
          </button>
        ) : null}
      </div>
      {children}
    </dialog>
  );
}

/** Focuses the first field, or else the first button below the title. */
function focusContent(dialog: HTMLDialogElement): void {
  const find = (selector: string) => dialog.querySelector<HTMLElement>(selector);
  const first =
    find('[data-autofocus]') ??
    find(':is(input, textarea, select):not([type="hidden"], :disabled)') ??
    find(`:scope > :not(.${classes['head']}) :is(a[href], button)`);
  (first ?? dialog).focus();
}
