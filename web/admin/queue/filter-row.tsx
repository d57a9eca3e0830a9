import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useMessages } from '../../i18n/index.ts';
import { useAddress } from '../../shell/use-address.ts';

/** Reads and changes the filters of a list. They are stored in the URL, so that a link shows the same results. */
export function useFilterParams() {
  const { search: params, choose, clear } = useAddress();
  return { params, setParam: (name: string, value: string | null): void => choose({ [name]: value }), clear };
}

export interface FilterChoice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Row with a text search and a select for each filter of a list. */
export function FilterRow({
  choices,
  hint,
  children,
}: {
  readonly choices: readonly FilterChoice[];
  readonly hint: string;
  readonly children?: React.ReactNode;
}) {
  const { filters, queue } = useMessages().review;
  const { params, setParam, clear } = useFilterParams();
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={filters.label}>
      <Search key={params.get('text') === null ? 'empty' : 'asked'} hint={hint} />
      {choices.map(({ name, label, options }) => (
        <Select
          key={name}
          label={label}
          placeholder={filters.any}
          data={[...options]}
          value={params.get(name)}
          onChange={(value) => setParam(name, value)}
          clearable
          w={{ base: '100%', xs: 190 }}
        />
      ))}
      {children}
      {params.size === 0 ? null : (
        <Button variant="subtle" onClick={clear}>
          {queue.clear}
        </Button>
      )}
    </Group>
  );
}

function Search({ hint }: { readonly hint: string }) {
  const { filters } = useMessages().review;
  const { params, setParam } = useFilterParams();
  const [text, setText] = useState(params.get('text') ?? '');
  const later = useDebouncedCallback((value: string) => setParam('text', value.trim()), 300);
  return (
    <TextInput
      type="search"
      label={filters.text}
      placeholder={hint}
      leftSection={<IconSearch size={16} aria-hidden />}
      value={text}
      maxLength={200}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        later(currentTarget.value);
      }}
      w={{ base: '100%', xs: 300 }}
    />
  );
}
