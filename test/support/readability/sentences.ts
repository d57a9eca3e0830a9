import { type Cheerio, load } from 'cheerio';
import type { Language } from '../../../src/i18n/index.ts';
import { wordsOf } from './readability.ts';

type Node = ReturnType<Cheerio<never>['contents']>[number];

/** Elements within a line of text. Every other element begins and ends a text of its own. */
const INLINE = new Set('a abbr b bdi cite em i mark q small span strong sub sup u'.split(' '));

/** Elements that are not read as text: code, drawings, and the addresses, ids, credentials and codes in `code`. */
const UNREAD = new Set('code datalist script style svg template'.split(' '));

/**
 * Parts of a page with words from a patient's record or from an app's developer: names and values of entries, and
 * descriptions of apps.
 */
const NOT_OURS = '.entry :is(h2, h3, dd, td, b, p.hint), .columns li, .description';

/** Shortest text that counts as a sentence, in words. "Not verified." is a note, not a sentence. */
const SHORTEST_SENTENCE = 3;

interface SentenceOptions {
  readonly language: Language;
  /** Names of people, apps, practices, places and laws on the page. */
  readonly names?: readonly string[];
}

/**
 * Returns the sentences that a person reads on a page, without data.
 *
 * A block element ends a text, and so does a line of plain text. A text, or a part of it, is a sentence if it
 * ends in a period, question mark or exclamation point and has at least three words. So a label, button, heading or
 * list item counts if it is a sentence, and never otherwise. Text in another language than the page, such as the link
 * to it, is not counted. A sentence that a page repeats, such as an error above and beside a field, counts once.
 *
 * Data is left out of each sentence before its words are counted: names, clinical names, dates, times, numbers,
 * addresses and ids. What is left is the project's own text.
 * @param selector selects the parts of the page to read
 */
export function sentencesOf(html: string, selector: string, options: SentenceOptions): readonly string[] {
  const $ = load(html, { scriptingEnabled: false });
  $(NOT_OURS).remove();
  $(`[lang]:not([lang=${options.language}])`).remove();
  const texts = $(selector)
    .toArray()
    .flatMap((element) => textsOf(element));
  return sentencesIn(texts, options);
}

/** Returns the sentences of lines of text, such as an email, by the same rules. */
export function sentencesIn(texts: readonly string[], { names = [] }: SentenceOptions): readonly string[] {
  const sentences = texts
    .filter((text) => /[.?!]/.test(text))
    .flatMap((text) => splitSentences(withoutData(text, names)))
    .filter((text) => wordsOf(text).length >= SHORTEST_SENTENCE);
  return [...new Set(sentences)];
}

/** Returns the texts that block elements delimit. */
function textsOf(root: Node): readonly string[] {
  const texts: string[] = [''];
  const visit = (node: Node, isPreformatted: boolean): void => {
    if (node.type === 'text') {
      const [first = '', ...lines] = isPreformatted ? node.data.split('\n') : [node.data];
      texts[texts.length - 1] += first;
      texts.push(...lines);
    }
    if (!('children' in node) || !('tagName' in node) || UNREAD.has(node.tagName)) return;
    const isBlock = !INLINE.has(node.tagName);
    if (isBlock) texts.push('');
    for (const child of node.children) visit(child as Node, isPreformatted || isPlainText(node));
    if (isBlock) texts.push('');
  };
  visit(root, false);
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim()).filter((text) => text !== '');
}

/** Whether line breaks in an element end a text. A consent receipt is plain text with one statement a line. */
const isPlainText = (node: { tagName: string; attribs: Readonly<Record<string, string>> }): boolean =>
  node.tagName === 'pre' || node.attribs['class'] === 'receipt';

const splitSentences = (text: string): readonly string[] =>
  text
    .split(/(?<=[.?!][”»’")]*)\s+/)
    .map((part) => part.trim())
    .filter((part) => /[.?!][”»’")]*$/.test(part));

const MONTHS =
  'January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre';

/** Data that has a form of its own: addresses, dates, times, masked names, ids, and everything with a digit. */
const DATA_FORMS = [
  /\bhttps?:\/\/\S+?(?=[.,;:)]?(\s|$))/g,
  /\S+@\S+\.\w+/g,
  /\b[a-z0-9-]+(\.[a-z0-9-]+)*\.(example|com|org|gov|net)\b(:\d+)?/gi,
  new RegExp(`\\b(${MONTHS})\\.? \\d{1,2}(, \\d{4})?`, 'g'),
  new RegExp(`\\b\\d{1,2} de (${MONTHS})( de \\d{4})?`, 'g'),
  /\d{1,2}:\d{2}(:\d{2})?(\s?([AP]M|[ap]\.\s?m\.))?(\s?[A-Z]{2,5}\b)?/g,
  /\p{L}…/gu,
  /\b\w+_\w+\b/g,
  /\([a-z]+(-[a-z]+)+\)/g,
  /[\p{L}\d+*.,/()-]*\d[\p{L}\d*/-]*/gu,
];

function withoutData(text: string, names: readonly string[]): string {
  const longestFirst = [...new Set(names)].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const unnamed = longestFirst.reduce((left, name) => left.replaceAll(name, ''), text);
  return DATA_FORMS.reduce((left, form) => left.replaceAll(form, ''), unnamed)
    .replaceAll(/(^|\s)[’']s\b/g, '$1')
    .replaceAll(/\s+([.,;:?!])/g, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
