import type { SeededRandom } from '../../seeded-random.ts';
import type { EncodedRequest } from '../request-draft.ts';
import { insertText } from './fields.ts';

/** Invalid percent-encoding, bytes that aren't UTF-8, and separators of parameters. */
const RAW = [
  '%',
  '%0',
  '%zz',
  '%00',
  '%ff',
  '%c0%af',
  '%ed%a0%80',
  '%u0041',
  '&',
  '=',
  '&=&',
  ';',
  '+',
  '&&',
  '?',
  '&a',
  '%26',
  '%3D',
  '%E2%82',
];

/** Texts that replace a body. */
const BODIES: readonly (string | Buffer)[] = [
  '',
  '{',
  '[]',
  'null',
  '"text"',
  '{"a":1}{',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
  '[['.repeat(20_000),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from([0xed, 0xa0, 0x80]),
  '\ufeff{}',
  '&&&&',
  '='.repeat(5000),
  'a=&'.repeat(20_000),
  Array.from({ length: 5000 }, (_, i) => `p${i}=x`).join('&'),
];

/** Mutates a request after its parameters were encoded. */
export function mutateEncoded(wire: EncodedRequest, random: SeededRandom): void {
  const { payload } = wire;
  if (payload !== undefined && random.chance(0.3)) wire.payload = random.pick(BODIES);
  else if (typeof payload === 'string' && random.chance(0.5)) wire.payload = breakText(payload, random);
  else {
    const [path = '', query = ''] = wire.url.split(/\?(.*)/s);
    wire.url = `${path}?${breakText(query, random)}`;
  }
}

function breakText(text: string, random: SeededRandom): string {
  if (text.startsWith('{') && random.chance(0.5)) return text.replace('{', '{"__proto__":{"client_id":"x"},');
  return random.chance(0.2) ? text.slice(0, random.below(text.length + 1)) : insertText(text, random.pick(RAW), random);
}
