import { Select, type SelectProps, Stack, Text } from '@mantine/core';
import type { MemberResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';

export type OrganisationRoleOption = MemberResponse['role'];
const ROLES: readonly OrganisationRoleOption[] = ['administrator', 'developer', 'reader'];

/** Form field to choose a role in an organization, with a description of each role. */
export function RoleSelect({
  value,
  onChange,
  ...props
}: Omit<SelectProps, 'data' | 'value' | 'onChange'> & {
  readonly value: OrganisationRoleOption;
  readonly onChange: (role: OrganisationRoleOption) => void;
}) {
  const { roles } = useMessages().organisation;
  return (
    <Select
      {...props}
      allowDeselect={false}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      data={ROLES.map((role) => ({ value: role, label: roles[role].name }))}
      value={value}
      onChange={(role) => role !== null && onChange(role as OrganisationRoleOption)}
      renderOption={({ option }) => (
        <Stack gap={0}>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {roles[option.value as OrganisationRoleOption].text}
          </Text>
        </Stack>
      )}
    />
  );
}
