import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useMessages } from '../../i18n/index.ts';

/** The same key as in `search-key.js`, so that a reader turns the shortcut off for all pages at once. */
const STORAGE_KEY = 'search-key-off';

/** Returns whether `/` focuses the search, and a function that turns this off and on. The browser remembers the choice. */
export function useSearchKey(): readonly [isOn: boolean, toggle: () => void] {
  const [value, setValue, removeValue] = useLocalStorage<string | undefined>({
    key: STORAGE_KEY,
    getInitialValueInEffect: false,
    serialize: (text) => text ?? '',
    deserialize: (text) => text,
  });
  const isOn = value === undefined;
  return [isOn, () => (isOn ? setValue('1') : removeValue())];
}

/** Says that `/` focuses the search, with a button that turns this off and on. WCAG 2.2, 2.1.4 */
export function SearchKeySwitch() {
  const { searchKey } = useMessages().shell;
  const [isOn, toggle] = useSearchKey();
  const { state, button, label } = isOn ? searchKey.on : searchKey.off;
  return (
    <p className="search-key">
      {state}{' '}
      <button type="button" aria-label={label} onClick={toggle}>
        {button}
      </button>
    </p>
  );
}

/** Calls a function when `/` is pressed outside of form fields and dialogs, unless the reader turned the key off. */
export function useSlashKey(isOn: boolean, act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!isOn) return;
    const handleKey = (event: KeyboardEvent): void => {
      const isTyping = (event.target as Element | null)?.closest?.('input, textarea, select, [contenteditable="true"]');
      const isDialogOpen = document.querySelector('dialog[open]') !== null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping || isDialogOpen) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, [isOn]);
}
