import { useDebouncedValue } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useMessages } from '../../i18n/index.ts';
import { isReviewPath } from '../header/navigation.ts';
import { OptionList } from './option-list.tsx';
import classes from './search.module.css';
import { useSearchKey, useSlashKey } from './search-key.tsx';
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
  const [hasKey] = useSearchKey();
  const { active, close, restart, inputProps, listProps } = useCombobox(
    groups.flatMap(({ options }) => options),
    text.trim() === '',
  );
  useSlashKey(hasKey, () => {
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
          {...(hasKey ? { 'aria-keyshortcuts': '/' } : {})}
          placeholder={search.label}
          maxLength={100}
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            restart();
          }}
        />
        {hasKey ? (
          <span className={classes['key']} aria-hidden="true">
            /
          </span>
        ) : null}
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
