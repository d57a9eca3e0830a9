const MARKUP: unique symbol = Symbol('markup');

/**
 * Markup that is safe to send. Only this file can make it, so text from outside never counts as markup. It isn't a
 * string: implicit conversion throws, because markup that became text would be escaped twice in a template, and
 * markup built by concatenation isn't escaped at all.
 */
export interface Html {
  readonly [MARKUP]: string;
}

/** Value in a template. `undefined` and `false` insert nothing, so that a template can use `condition && html`. */
export type HtmlValue = string | number | URLSearchParams | Html | readonly Html[] | undefined | false;

/**
 * Template tag for markup. Escapes values for text and for quoted attributes. Inserts `Html` and arrays of `Html`
 * unchanged.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? '';
  for (const [index, value] of values.entries()) markup += toMarkup(value) + (strings[index + 1] ?? '');
  return createHtml(markup);
}

/**
 * An attribute with an escaped value. `true` gives the name alone, as in `checked`. `false` and `undefined` omit the
 * attribute.
 * @throws {TypeError} if the name isn't an attribute name in lower case
 */
export function attribute(name: string, value: string | number | boolean | undefined): Html {
  if (!ATTRIBUTE_NAME.test(name)) throw new TypeError('Invalid attribute name');
  if (value === undefined || value === false) return createHtml('');
  return createHtml(value === true ? name : `${name}="${escapeText(String(value))}"`);
}

/** Joins markup. The separator is escaped like any other value. */
export function joinHtml(parts: readonly Html[], separator: string | Html): Html {
  return createHtml(parts.map(htmlToString).join(toMarkup(separator)));
}

/**
 * Declares text to be markup, without escaping it. `html-templates.test.ts` lists every use with the reason why no input
 * can make it unsafe.
 */
export function raw(markup: string): Html {
  return createHtml(markup);
}

/** Prints JSON that can't close the script element around it. */
export const toScriptJson = (value: unknown): Html => createHtml(JSON.stringify(value).replaceAll('<', '\\u003c'));

/** Converts markup to text, for a response. @throws {TypeError} if a cast passed another value */
export function htmlToString(markup: Html): string {
  const text = markup[MARKUP];
  if (typeof text !== 'string') throw new TypeError('Not Html');
  return text;
}

function createHtml(markup: string): Html {
  return Object.freeze({ [MARKUP]: markup, [Symbol.toPrimitive]: rejectConversion });
}

function rejectConversion(): never {
  throw new TypeError('Html is not a string. Insert it into html`…`, or use htmlToString.');
}

/** Also escapes what the type of a template's values excludes, because a cast can pass anything. */
function toMarkup(value: unknown): string {
  if (typeof value === 'string') return escapeText(value);
  if (value === undefined || value === null || value === false) return '';
  if (Array.isArray(value)) return value.map(toMarkup).join('');
  if (typeof value === 'object' && MARKUP in value) return htmlToString(value as Html);
  return escapeText(String(value));
}

const ATTRIBUTE_NAME = /^[a-z][a-z0-9-]*$/;
const SPECIAL_CHARACTERS = /["&'<=>]/g;

/** Includes `=`, so that a value outside of quotes can't assign to another attribute. */
const ENTITIES: Readonly<Record<string, string>> = {
  '"': '&#34;',
  '&': '&#38;',
  "'": '&#39;',
  '<': '&#60;',
  '=': '&#61;',
  '>': '&#62;',
};

function escapeText(text: string): string {
  return text.replaceAll(SPECIAL_CHARACTERS, (character) => ENTITIES[character] ?? '');
}

/** Markup without content. */
export const emptyHtml: Html = createHtml('');
