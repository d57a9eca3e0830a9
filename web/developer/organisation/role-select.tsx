import { Select, type SelectProps, Stack, Text } from '@mantine/core';
import type { MemberAnswer } from '../../../src/portal/contract/organisations.ts';
import { useWords } from '../../words/index.ts';

export type Role = MemberAnswer['role'];
const ROLES: readonly Role[] = ['administrator', 'developer', 'reader'];

/** Select of a role, with descriptions. */
export function RoleSelect({
  value,
  onChange,
  ...props
}: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}) {
  const { roles } = useWords().organisation;
  return (
    <Select
      {...props}
      allowDeselect={false}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      data={ROLES.map((role) => ({ value: role, label: roles[role].name }))}
      value={value}
      onChange={(role) => role !== null && onChange(role as Role)}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {roles[option.value as Role].text}
          </Text>
        </Stack>
      )}
    />
  );
}
