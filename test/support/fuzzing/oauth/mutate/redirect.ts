import type { SeededRandom } from '../../seeded-random.ts';
import type { Field, RequestDraft } from '../request-draft.ts';
import { ODD_TEXTS } from './fields.ts';

const EVIL = 'evil.example';

/** Makes URIs that resemble a registered one (RFC 9700 §4.1, §4.11). */
const NEAR_MISSES: readonly ((uri: string, random: SeededRandom) => string)[] = [
  // URIs of another host that contain ours.
  (uri) => uri.replace(/^([\w.]+:\/\/)[^/?]+/, `$1${EVIL}`),
  (uri) => uri.replace(/^([\w.]+:\/\/[^/?]+)/, `$1.${EVIL}`),
  (uri) => uri.replace(/^([\w.]+:\/\/)/, `$1${EVIL}.`),
  (uri) => uri.replace(/^([\w.]+:\/\/)/, '$1sub.'),
  // URIs with our host as the user name for another host, and hosts with similar names.
  (uri) => uri.replace(/^([\w.]+:\/\/[^/?]+)/, `$1@${EVIL}`),
  (uri) => uri.replace(/^([\w.]+:\/\/)/, `$1${EVIL}@`),
  (uri) => uri.replace(/^([\w.]+:\/\/[^/?]+)/, `$1%40${EVIL}`),
  (uri) => uri.replace(/^([\w.]+:\/\/[^/?]+)/, `$1:pw@${EVIL}`),
  (uri) => uri.replace(/^([\w.]+:\/\/)[^/?]+/, (whole, scheme) => `${scheme}${EVIL}\\@${whole.slice(scheme.length)}`),
  (uri) => uri.replace(/^([\w.]+:\/\/)[^/?]+/, (whole, scheme) => `${scheme}${EVIL}#@${whole.slice(scheme.length)}`),
  (uri) => uri.replace(/^([\w.]+:\/\/)[^/?]+/, (whole, scheme) => `${scheme}${EVIL}?@${whole.slice(scheme.length)}`),
  // Other spellings of the same URI: ports, dots and case.
  (uri) => uri.replace(/^([\w.]+:\/\/[^/?]+)/, '$1.'),
  (uri, random) =>
    uri.replace(
      /^([\w.]+:\/\/[^/?:]+)(:\d+)?/,
      `$1${random.pick([':0', ':443', ':99999', ':-1', ':', ':80@', ':4000.'])}`,
    ),
  (uri) => uri.replace(/^[\w.]+:\/\/[^/?]+/, (origin) => origin.toUpperCase()),
  (uri, random) =>
    uri.replace(
      /127\.0\.0\.1|\[::1\]/,
      random.pick([
        'localhost',
        '127.1',
        '2130706433',
        '0.0.0.0',
        '[::ffff:127.0.0.1]',
        '127.0.0.1.evil.example',
        '127.0.0.1@evil.example',
      ]),
    ),
  (uri) => uri.replace('app', '\uff41pp'),
  (uri) => uri.replace('a', '%61'),
  // Other paths on the registered host.
  (uri, random) =>
    `${uri}${random.pick(['/', '//', '/..', '/../../evil', '/%2e%2e/evil', '%2f..%2fevil', ';x', '/x', 'x', '\\', '%00', '.'])}`,
  (uri, random) => `${uri}${random.pick(['?x=y', '&x=y', '#', '#x', '?code=forged', '&iss=x'])}`,
  (uri) => uri.replace(/([^:/])\//, '$1%2f'),
  (uri) => uri.replace(/([^:/])\//, '$1//'),
  (uri) => uri.replace(/\?.*$/, ''),
  (uri, random) => `${uri}?next=${random.pick([`https://${EVIL}`, `//${EVIL}`, 'javascript:alert(1)'])}`,
  // The registered URI with another scheme, and invalid URIs.
  (uri) => uri.replace(/^https/, 'http'),
  (uri) => uri.replace(/^[\w.]+:/, ''),
  (uri) => uri.replace(/^[\w.]+:\/\//, 'https:'),
  (uri, random) => random.pick([`javascript:alert(1)//${uri}`, `data:text/html,<script>alert(1)</script>${uri}`]),
  (_, random) =>
    random.pick([
      `//${EVIL}`,
      `/\\${EVIL}`,
      `https:${EVIL}`,
      `https:///${EVIL}`,
      '/',
      '*',
      'null',
      `file://${EVIL}/`,
      'about:blank',
    ]),
  (uri, random) =>
    random.pick([` ${uri}`, `${uri} `, `\t${uri}`, `${uri}\n`, `${uri},https://${EVIL}`, `${uri} https://${EVIL}`]),
  (uri, random) => `${uri}${random.pick(ODD_TEXTS)}`,
];

const FOREIGN_URIS = [
  `https://${EVIL}/`,
  `//${EVIL}`,
  `/\\${EVIL}`,
  `\\\\${EVIL}`,
  `/\t/${EVIL}`,
  `/%2f%2f${EVIL}`,
  `/.//${EVIL}`,
  `/..//${EVIL}`,
  `http://localhost:8080@${EVIL}/`,
  `http://localhost:8080.${EVIL}/`,
  'javascript:alert(1)',
  'data:text/html,x',
  `/sign-in?return_to=//${EVIL}`,
  '/\r\nlocation: https://evil.example',
];

/** Replaces each URI that the server may redirect to by a near miss. */
export function mutateRedirect(draft: RequestDraft, random: SeededRandom): void {
  for (const fields of [draft.query, draft.form, draft.inner]) {
    for (const [at, [name, value]] of fields.entries()) fields[at] = [name, makeNearMiss(name, value, random)];
  }
  const uris = draft.json?.['redirect_uris'];
  if (draft.json === undefined || !Array.isArray(uris)) return;
  // Replaces only one URI, because the server stops at the first invalid one.
  const uri = uris.find((one) => typeof one === 'string') ?? 'https://self.example/';
  draft.json['redirect_uris'] = [...uris, random.pick(NEAR_MISSES)(uri, random)];
}

function makeNearMiss(name: Field[0], value: string, random: SeededRandom): string {
  if (name === 'redirect_uri') return random.pick(NEAR_MISSES)(value, random);
  return name === 'return_to' ? random.pick(FOREIGN_URIS) : value;
}
