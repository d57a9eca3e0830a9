import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import { isReviewPath } from '../header/navigation.ts';
import { OptionList } from './option-list.tsx';
import classes from './search.module.css';
import { useCombobox } from './use-combobox.ts';
import { type SearchResult, useSearchResults } from './use-search-results.ts';

/**
 * Search field of the header, on every page. `/` focuses it, the arrow keys choose a result, Enter opens it and Escape
 * closes the list.
 * @param reveal shows the menu that contains the field
 */
export function SearchBox({ reveal }: { readonly reveal?: () => void }) {
  const { search } = useMessages().shell;
  const [text, setText] = useState('');
  const [debounced] = useDebouncedValue(text, 150);
  const { groups, pending } = useSearchResults(debounced);
  const input = useRef<HTMLInputElement>(null);
  const go = useGo();
  const { active, close, restart, inputProps, listProps } = useCombobox(
    groups.flatMap(({ options }) => options),
    text.trim() === '',
  );
  useSlashKey(() => {
    if (input.current?.checkVisibility() === false) reveal?.();
    input.current?.focus();
    input.current?.select();
  });
  const choose = (result: SearchResult): void => {
    close();
    setText('');
    input.current?.blur();
    go(result);
  };
  return (
    <search className={classes['search']}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          // The results of the last pause in typing must not answer a newer text.
          if (active !== undefined && debounced === text && !pending) choose(active);
        }}
      >
        <input
          {...inputProps}
          ref={input}
          type="search"
          aria-label={search.label}
          aria-keyshortcuts="/"
          placeholder={search.label}
          maxLength={100}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            restart();
          }}
        />
        <span className={classes['key']} aria-hidden="true">
          /
        </span>
        <OptionList {...listProps} label={search.results} groups={groups} choose={choose} />
      </form>
    </search>
  );
}

function useGo(): (result: SearchResult) => void {
  const navigate = useNavigate();
  return ({ key: path, isServerRendered }) => {
    const staysInPortal = path.startsWith('/developer') || isReviewPath(path.split('?')[0] ?? '');
    if (staysInPortal && isServerRendered !== true) void navigate(path);
    else location.assign(path);
  };
}

/** Set by `search-key.js`, with which readers of staff pages and the documentation turn the key off (WCAG 2.2, 2.1.4). */
const KEY_OFF = 'search-key-off';

/** Calls a function when `/` is pressed outside of form fields and dialogs, unless the reader turned the key off. */
function useSlashKey(act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const isTyping = (event.target as Element | null)?.closest?.('input, textarea, select, [contenteditable="true"]');
      const isDialogOpen = document.querySelector('dialog[open]') !== null;
      const isOff = localStorage.getItem(KEY_OFF) !== null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping || isDialogOpen || isOff)
        return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener('keydown', handleKey);
    return () => document.removeEventListener('keydown', handleKey);
  }, []);
}
