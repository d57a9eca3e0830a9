import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { OptionList } from './option-list.tsx';
import classes from './search.module.css';
import { type ComboboxOption, useCombobox } from './use-combobox.ts';

/**
 * Form field that finds something by name. The form gets its key as the value, for example a client_id. A key that is
 * pasted works too.
 * @param name name of the form field
 * @param value key of the current choice
 * @param search returns what matches a text
 * @param find returns the current choice, to show its name
 */
export function LookupField({
  name,
  label,
  hint,
  value,
  search,
  find,
}: {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly search: (text: string) => Promise<readonly ComboboxOption[]>;
  readonly find: (key: string) => Promise<ComboboxOption | undefined>;
}) {
  const { shell } = useMessages();
  const current = useQuery({
    queryKey: ['lookup', name, 'current', value],
    queryFn: async () => (await find(value)) ?? null,
    enabled: value !== '',
  });
  const [chosen, setChosen] = useState<ComboboxOption>();
  const [text, setText] = useState<string>();
  const [debounced] = useDebouncedValue(text ?? '', 150);
  const words = debounced.trim();
  const found = useQuery({
    queryKey: ['lookup', name, words],
    queryFn: () => search(words),
    enabled: words !== '',
    placeholderData: keepPreviousData,
  });
  const options = found.data ?? [];
  const { active, close, restart, inputProps, listProps } = useCombobox(options, (text ?? '').trim() === '');
  const choose = (option: ComboboxOption): void => {
    setChosen(option);
    setText(undefined);
    close();
  };
  // The text is the name of the choice until the user types. What was typed without a choice counts as a key.
  const key = text === undefined ? (chosen?.key ?? value) : text.trim();
  const shown = text ?? chosen?.text ?? current.data?.text ?? value;
  return (
    <div className={classes['lookup']}>
      <TextInput
        {...inputProps}
        label={label}
        placeholder={hint}
        value={shown}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          restart();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && active !== undefined && text !== undefined) {
            event.preventDefault();
            choose(active);
          } else inputProps.onKeyDown(event);
        }}
        rightSection={
          shown === '' ? null : (
            <CloseButton
              aria-label={`${shell.clearField}: ${label}`}
              onClick={() => {
                setChosen(undefined);
                setText('');
              }}
            />
          )
        }
      />
      <input type="hidden" name={name} value={key} />
      <OptionList
        {...listProps}
        label={label}
        groups={options.length === 0 ? [] : [{ title: label, options }]}
        choose={choose}
      />
    </div>
  );
}
