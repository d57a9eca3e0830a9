import type { MadeUpPersonKey } from './people.ts';

/** A made-up organization of developers. Its domain is reserved for examples (RFC 2606 §2), so it belongs to no one. */
export interface MadeUpOrganization {
  readonly name: string;
  readonly domain: string;
  readonly founder: MadeUpPersonKey;
  /** Business days ago when the organization signed up. */
  readonly createdDaysAgo: number;
  /** Business days ago when an administrator verified the organization; undefined if no one has yet. */
  readonly verifiedDaysAgo?: number;
}

/** The organizations that the sandbox's administrator reviews. */
export const MADE_UP_ORGANIZATIONS = {
  heartline: {
    name: 'Heartline Labs',
    domain: 'heartline.example',
    founder: 'maya',
    createdDaysAgo: 80,
    verifiedDaysAgo: 75,
  },
  northbeam: {
    name: 'Northbeam Health',
    domain: 'northbeam.example',
    founder: 'owen',
    createdDaysAgo: 60,
    verifiedDaysAgo: 55,
  },
  juniper: { name: 'Juniper & Finch', domain: 'juniperfinch.example', founder: 'priya', createdDaysAgo: 14 },
} as const satisfies Record<string, MadeUpOrganization>;

/** The organization of the sandbox's developer. */
export const DEVELOPER_ORGANIZATION = {
  name: 'Larkspur Health',
  domain: 'larkspur.example',
  founder: 'lena',
  createdDaysAgo: 55,
  verifiedDaysAgo: 50,
} as const satisfies MadeUpOrganization;

export type MadeUpOrganizationKey = keyof typeof MADE_UP_ORGANIZATIONS;
