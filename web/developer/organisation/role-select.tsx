import { NativeSelect, type NativeSelectProps } from '@mantine/core';
import type { MemberResponse } from '../../../src/portal-api/contract/organisations.ts';
import { useMessages } from '../../i18n/index.ts';

export type OrganisationRoleOption = MemberResponse['role'];
const ROLES: readonly OrganisationRoleOption[] = ['administrator', 'developer', 'reader'];

/** Form field to choose a role in an organization, with a description of the chosen role. */
export function RoleSelect({
  value,
  onChange,
  ...props
}: Omit<NativeSelectProps, 'data' | 'value' | 'onChange'> & {
  readonly value: OrganisationRoleOption;
  readonly onChange: (role: OrganisationRoleOption) => void;
}) {
  const { roles } = useMessages().organisation;
  return (
    <NativeSelect
      {...props}
      w={260}
      description={roles[value].text}
      inputWrapperOrder={['label', 'input', 'description']}
      data={ROLES.map((role) => ({ value: role, label: roles[role].name }))}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value as OrganisationRoleOption)}
    />
  );
}
