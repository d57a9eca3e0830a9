import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { useListParams } from './use-list-params.ts';

interface ListOption {
  readonly value: string;
  readonly label: string;
}

interface FilterChoice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly ListOption[];
}

/**
 * Row with a text search, a select for each filter, and the order of a list.
 * @param orders how the list can be sorted. The first one is the default
 */
export function FilterRow({
  choices = [],
  orders = [],
  hint,
  children,
}: {
  readonly choices?: readonly FilterChoice[];
  readonly orders?: readonly ListOption[];
  readonly hint: string;
  readonly children?: React.ReactNode;
}) {
  const { list } = useMessages().shell;
  const { params, setParam, clear } = useListParams();
  const isFiltered = [...params.keys()].some((name) => name !== 'page' && name !== 'sort');
  return (
    <search aria-label={list.filters}>
      <Group gap="sm" align="flex-end">
        <SearchInput key={params.get('text') === null ? 'empty' : 'asked'} hint={hint} />
        {choices.map(({ name, label, options }) => (
          <NativeSelect
            key={name}
            label={label}
            data={[{ value: '', label: list.any }, ...options]}
            value={params.get(name) ?? ''}
            onChange={({ currentTarget }) => setParam(name, currentTarget.value)}
            w={{ base: '100%', xs: 190 }}
          />
        ))}
        {orders.length === 0 ? null : (
          <NativeSelect
            label={list.sort}
            data={[...orders]}
            value={params.get('sort') ?? orders[0]?.value ?? ''}
            onChange={({ currentTarget: { value } }) => setParam('sort', value === orders[0]?.value ? null : value)}
            w={{ base: '100%', xs: 190 }}
          />
        )}
        {children}
        {isFiltered ? (
          <Button variant="subtle" onClick={clear}>
            {list.clear}
          </Button>
        ) : null}
      </Group>
    </search>
  );
}

function SearchInput({ hint }: { readonly hint: string }) {
  const { list } = useMessages().shell;
  const { params, setParam } = useListParams();
  const [text, setText] = useState(params.get('text') ?? '');
  const later = useDebouncedCallback((value: string) => setParam('text', value.trim()), 300);
  return (
    <TextInput
      type="search"
      label={list.search}
      placeholder={hint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      maxLength={200}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        later(currentTarget.value);
      }}
      w={{ base: '100%', xs: 280 }}
    />
  );
}
