// Finds the texts of a file that people read. Each function returns copies of the file in which `\0` replaces everything
// else, so that a position in a copy is a position in the file.
import { Visitor } from 'oxc-parser';

/** Sandbox patients: their strings are displays of code systems and texts of records. */
const RECORDS = /^src\/sandbox\/(codes|generator|scenarios)\//;
const SPANISH = /^src\/i18n\/es\//;

/**
 * Returns the texts of a source file, each with its language: the comments, and the strings. A test has the names of its
 * tests instead of strings.
 */
export function textsOfSource({ file, text, program, comments }) {
  const isTest = file.startsWith('test/') || file.endsWith('.test.ts');
  const strings = isTest ? testNames(program) : RECORDS.test(file) ? [] : stringsOf(program, text);
  return [
    ['en', mask(text, joinLineComments(text, comments), withoutMarks)],
    [SPANISH.test(file) ? 'es' : 'en', mask(text, strings, withoutCode)],
  ];
}

/** Replaces the marks at the beginning of the lines of a comment by spaces, so that phrases are found across lines. */
const withoutMarks = (comment) => comment.replaceAll(/(?<=\n)[ \t]*(\/\/|\*+)/g, (mark) => ' '.repeat(mark.length));

/** Replaces names in code inside a text: in HTML, and in Markdown inside quotation marks. */
const withoutCode = (string) =>
  string.replaceAll(/^['"]/.test(string) ? /`[^`\n]*`/g : /<code>[^<]*<\/code>/g, (code) => '\0'.repeat(code.length));

/** Returns the text of a document in Markdown without its code and the addresses of its links. */
export const textOfDocument = (text) =>
  text.replaceAll(/^```[\s\S]*?^```|`[^`\n]*`|\]\([^)]*\)/gm, (code) => '\0'.repeat(code.length));

/** Replaces everything outside these ranges by `\0`. */
function mask(text, ranges, change = (part) => part) {
  const parts = [];
  let last = 0;
  for (const { start, end } of ranges.sort((one, other) => one.start - other.start)) {
    parts.push('\0'.repeat(start - last), change(text.slice(start, end)));
    last = end;
  }
  return [...parts, '\0'.repeat(text.length - last)].join('');
}

/** Returns the ranges of the comments. Line comments one below the other are one comment. */
function joinLineComments(text, comments) {
  const ranges = [];
  for (const { start, end, type } of comments) {
    const last = ranges.at(-1);
    if (type === 'Line' && last?.isLine === true && text.slice(last.end, start).trim() === '') last.end = end;
    else ranges.push({ start, end, isLine: type === 'Line' });
  }
  return ranges;
}

/** A string that is a name in code: a code, a path, a CSS class or an identifier. "Apps" is a text, "apps" isn't. */
const NAME = /^['"`]?(?![A-Z][a-z]+['"`])[\w$./:@#-]*['"`]?$/;
const SQL = /^['"`]?\s*(select|insert into|update|delete from|with|create|alter)\s/;

/** Returns the ranges of strings that can be texts: no names in code, no keys of objects, and no SQL. */
function stringsOf(program, text) {
  const ranges = [];
  const keys = new Set();
  const add = ({ start, end }) => {
    if (!keys.has(start)) ranges.push({ start, end });
  };
  new Visitor({
    Property: ({ key }) => keys.add(key.start),
    Literal: (node) => typeof node.value === 'string' && add(node),
    TemplateLiteral(node) {
      if (!SQL.test(text.slice(node.start, node.end))) node.quasis.forEach(add);
    },
    JSXText: add,
  }).visit(program);
  return ranges.filter(({ start, end }) => !NAME.test(text.slice(start, end)));
}

/** Returns the first argument of each call of `it`, `test` and `describe`, such as `it.each(…)('name')`. */
function testNames(program) {
  const ranges = [];
  new Visitor({
    CallExpression({ callee, arguments: [name] }) {
      const isText = name?.type === 'TemplateLiteral' || typeof name?.value === 'string';
      if (isText && ['it', 'test', 'describe'].includes(calledName(callee))) ranges.push(name);
    },
  }).visit(program);
  return ranges;
}

function calledName({ type, callee, tag, object, name }) {
  if (type === 'CallExpression') return calledName(callee);
  if (type === 'TaggedTemplateExpression') return calledName(tag);
  return type === 'MemberExpression' ? calledName(object) : name;
}
