import { IconServer, IconStethoscope, IconUser } from '@tabler/icons-react';
import type { AppDraft } from '../../../src/portal-api/contract/apps.ts';

export const APP_KINDS_IN_ORDER = ['patient', 'staff', 'backend'] as const satisfies readonly AppDraft['kind'][];

const ICONS = { patient: IconUser, staff: IconStethoscope, backend: IconServer };

export function KindIcon({ kind, size }: { readonly kind: AppDraft['kind']; readonly size: number }) {
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden />;
}
