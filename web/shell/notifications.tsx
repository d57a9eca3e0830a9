import { useEffect, useSyncExternalStore } from 'react';
import { useMessages } from '../i18n/index.ts';
import classes from './notifications.module.css';

interface Notification {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

/** Milliseconds for which a notification is shown, unless the pointer or the focus is on it. */
const SHOWN_FOR = 10_000;

let shown: readonly Notification[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function replace(next: readonly Notification[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

/**
 * Shows a notification that an action succeeded. It disappears after some seconds.
 * @param undo reverses the action
 */
export function notify(text: string, undo?: () => void): void {
  replace([...shown, { id: nextId, text, undo }]);
  nextId += 1;
}

const dismiss = (id: number): void => replace(shown.filter((one) => one.id !== id));

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows the notifications at the lower edge of the window, and announces them to screen readers. */
export function Notifications() {
  const notifications = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className={classes['list']} role="status" data-sticky={notifications.length > 0 ? 'bottom' : undefined}>
      {notifications.map((notification) => (
        <NotificationBox key={notification.id} notification={notification} />
      ))}
    </div>
  );
}

function NotificationBox({ notification: { id, text, undo } }: { readonly notification: Notification }) {
  const { shell } = useMessages();
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.querySelector(`#notification-${id}:is(:hover, :focus-within)`) === null) dismiss(id);
    }, SHOWN_FOR);
    return () => clearInterval(timer);
  }, [id]);
  return (
    <div id={`notification-${id}`} className={classes['box']}>
      <span>{text}</span>
      {undo === undefined ? null : (
        <button
          type="button"
          onClick={() => {
            dismiss(id);
            undo();
          }}
        >
          {shell.undo}
        </button>
      )}
      <button type="button" aria-label={shell.close} onClick={() => dismiss(id)}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M6 6l12 12M18 6 6 18" />
        </svg>
      </button>
    </div>
  );
}
