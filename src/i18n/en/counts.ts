import { counter } from './plural.ts';

/** Functions that write a number with its noun, such as "1 app" and "1,234 apps". */
export const counts = {
  accounts: counter('account', 'accounts'),
  addresses: counter('address', 'addresses'),
  apps: counter('app', 'apps'),
  brands: counter('brand', 'brands'),
  businessDays: counter('business day', 'business days'),
  calls: counter('call', 'calls'),
  days: counter('day', 'days'),
  encounters: counter('encounter', 'encounters'),
  entries: counter('entry', 'entries'),
  errors: counter('error', 'errors'),
  letters: counter('letter', 'letters'),
  lines: counter('line', 'lines'),
  minutes: counter('minute', 'minutes'),
  newRequests: counter('new request', 'new requests'),
  patients: counter('patient', 'patients'),
  people: counter('person', 'people'),
  practices: counter('practice', 'practices'),
  recordEntries: counter('entry', 'entries'),
  resources: counter('resource', 'resources'),
  tokens: counter('token', 'tokens'),
  unknownNames: counter('unknown name', 'unknown names'),
  values: counter('value', 'values'),
  warnings: counter('warning', 'warnings'),
  years: counter('year', 'years'),
};
