import type { MadeUpPractice } from '../../practices/index.ts';
import { npi } from '../directory/npi.ts';

const defaults = {
  category: 'prov',
  aliases: [],
  locations: [],
  partOf: undefined,
  phone: undefined,
  email: undefined,
  website: undefined,
} as const;

/**
 * The practices whose brands the sandbox's administrator edits and publishes. Their NPIs are unassigned, their telephone
 * numbers are reserved for fiction (555-01XX), and their domains for examples (RFC 2606 §2).
 */
export const MADE_UP_PRACTICES = {
  riverbend: {
    ...defaults,
    name: 'Riverbend Family Medicine',
    phone: '+1 217 555 0140',
    email: 'frontdesk@riverbend.example',
    website: 'https://www.riverbend.example',
    address: '410 River Street\nSpringfield, IL 62701',
    npi: npi(90_001),
  },
  express: {
    ...defaults,
    name: 'Riverbend Express Care',
    phone: '+1 217 555 0141',
    website: 'https://express.riverbend.example',
    address: '22 Market Square\nChatham, IL 62629',
    npi: npi(90_002),
  },
  /** Isn't in the list, because its NPI is missing. */
  lakeview: {
    ...defaults,
    name: 'Lakeview Women’s Health',
    phone: '+1 217 555 0142',
    website: 'https://lakeview.example',
    address: '7 Lake Shore Drive\nDecatur, IL 62521',
    npi: undefined,
  },
  /** Waits for the next version. */
  harbor: {
    ...defaults,
    name: 'Harbor Point Orthopedics',
    phone: '+1 217 555 0143',
    address: '1800 Harbor Road\nPeoria, IL 61602',
    npi: npi(90_004),
  },
} as const satisfies Record<string, MadeUpPractice>;
