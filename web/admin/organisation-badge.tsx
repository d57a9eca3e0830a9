import { Badge } from '@mantine/core';
import { IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import { useAdminMessages } from '../i18n/index.ts';

/**
 * Shows whether an administrator verified the identity of an organization. This is separate from step 1 of a review,
 * which is about one version of an app.
 */
export function OrganisationBadge({ verifiedAt }: { readonly verifiedAt: string | null }) {
  const { verified, unverified } = useAdminMessages().review.organisations;
  const [Icon, text] = verifiedAt === null ? [IconHelpCircle, unverified] : [IconCircleCheck, verified];
  return (
    <Badge variant="default" tt="none" leftSection={<Icon size={14} aria-hidden />}>
      {text}
    </Badge>
  );
}
