import { elementsAt } from '../../fhir/index.ts';
import { sanitizeText } from '../sanitize-text.ts';

const MAX_INPUT_LENGTH = 20_000;
const MAX_TEXT_LENGTH = 2000;
const NAMED_ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Converts the narrative of a resource to plain text, never to HTML. FHIR R4 §2.33. */
export function narrativeText(resource: unknown): string | undefined {
  const [div] = elementsAt(resource, 'text.div');
  if (typeof div !== 'string') return undefined;
  const messages = div
    .slice(0, MAX_INPUT_LENGTH)
    .replaceAll(/<!--[\s\S]*?-->/g, ' ')
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replaceAll(/<\/(?:li|p|tr|h\d)\s*>/gi, '; ')
    .replaceAll(/<[^<>]*>/g, ' ')
    .replaceAll(/&(#x?)?([0-9a-z]{1,8});/gi, (whole, number: string | undefined, name: string) =>
      number === undefined ? (namedEntity(name) ?? whole) : numericEntity(number, name),
    )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([.;:,!?])?\s*(?:; ?)+/g, (_, mark: string | undefined) => (mark === undefined ? '; ' : `${mark} `))
    .replace(/[;\s]+$/, '');
  const text = sanitizeText(messages, MAX_TEXT_LENGTH);
  return text === '' ? undefined : text;
}

const namedEntity = (name: string): string | undefined =>
  Object.hasOwn(NAMED_ENTITIES, name) ? NAMED_ENTITIES[name] : undefined;

function numericEntity(mark: string, digits: string): string {
  const code = Number.parseInt(digits, mark === '#' ? 10 : 16);
  return Number.isInteger(code) && code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : ' ';
}
