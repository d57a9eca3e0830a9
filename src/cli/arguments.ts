import { parseArgs } from 'node:util';
import { findSimilar, OperatorError } from '../kernel/index.ts';
import type { ArgumentDefinition, CommandArguments, OptionDefinition, TypedWords } from './definition.ts';

/**
 * Error for wrong arguments of a command. The message says what is wrong. The usage of the command and how to get its
 * help are printed after it.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = Readonly<Record<string, OptionDefinition>>;

/**
 * Reads the options and positional arguments of a command. An option with `multiple` takes its values after one flag or
 * after several: `--add A B` means the same as `--add A --add B`.
 * @throws UsageError if an argument is missing, unknown or unexpected
 * @throws OperatorError if a value isn't one of the allowed choices
 */
export function readArguments<const Definition extends TypedWords>(
  definition: Definition,
  args: readonly string[],
): CommandArguments<Definition> {
  const { arguments: expected = [], options = {} } = definition;
  const words = assignWords(readWords(args, options), expected, options);
  const typed = words.filter(({ option }) => option === undefined);
  requireAll(words, expected.slice(typed.length), options);
  const extra = typed[expected.length];
  if (extra !== undefined && !isVariadic(expected)) throw new UsageError(unexpectedArgumentMessage(extra, words));
  const values = readValues(words, options);
  const positionals = typed.map(({ text }, index) => checkChoice(expected[index], expected[index]?.name ?? '', text));
  // The values were read by the definition, so they have the types that it describes.
  return { values, positionals } as unknown as CommandArguments<Definition>;
}

/** A word of the command line: a value of an option, or a positional argument. */
interface Word {
  readonly text: string;
  readonly option: string | undefined;
  /** The option before a positional argument, of which it may be another value. */
  readonly after?: string;
}

const optionsConfig = (options: Options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' }]),
  ) as Record<string, { type: 'boolean' | 'string' }>;

function readWords(args: readonly string[], options: Options): readonly Word[] {
  const config = optionsConfig(options);
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: Word[] = [];
  let before: string | undefined;
  for (const token of tokens) {
    if (token.kind === 'positional') {
      words.push({ text: token.value, option: undefined, ...(before === undefined ? {} : { after: before }) });
    } else if (token.kind === 'option') {
      before = token.name;
      words.push({ text: optionText(token, options), option: token.name });
    } else before = undefined;
  }
  return words;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** Returns the value of an option as typed. It is empty for a switch. */
function optionText({ name, rawName, value, inlineValue }: OptionToken, options: Options): string {
  const definition = Object.hasOwn(options, name) ? options[name] : undefined;
  if (definition === undefined) throw new UsageError(unknownOptionMessage(rawName, Object.keys(options)));
  if (definition.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value.`);
    return '';
  }
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${definition.value}.`);
  if (inlineValue !== true && value.length > 1 && value.startsWith('-'))
    throw new UsageError(`${rawName} needs a value. If "${value}" is the value, write ${rawName}=${value}.`);
  return value;
}

function unknownOptionMessage(rawName: string, known: readonly string[]): string {
  const similar = findSimilar(rawName.replace(/^-+/, ''), known);
  return `Unknown option "${rawName}".${similar === undefined ? '' : ` Did you mean "--${similar}"?`}`;
}

const isVariadic = (expected: readonly ArgumentDefinition[]): boolean => expected.at(-1)?.name.endsWith('…') === true;

/**
 * Decides which words after an option with `multiple` are further values of it. All are, unless positional arguments
 * are missing. Then the last words are these arguments: in `--add A B GROUP_ID`, for example, GROUP_ID is positional.
 * If the last positional argument takes one or more words, all these words are positional.
 */
function assignWords(
  words: readonly Word[],
  expected: readonly ArgumentDefinition[],
  options: Options,
): readonly Word[] {
  const isFurther = ({ after }: Word) => after !== undefined && options[after]?.multiple === true;
  const further = words.filter(isFurther);
  const positionals = words.filter((word) => word.option === undefined && !isFurther(word)).length;
  const lacking = positionals >= expected.length ? 0 : expected.length - positionals;
  const values = isVariadic(expected) && lacking > 0 ? [] : further.slice(0, Math.max(0, further.length - lacking));
  return words.map((word) => (values.includes(word) ? { text: word.text, option: word.after } : word));
}

function readValues(words: readonly Word[], options: Options): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries(options)) {
    const typed = words.filter(({ option }) => option === name).map(({ text }) => text);
    const texts = typed.length === 0 && definition.default !== undefined ? [definition.default] : typed;
    const checked = texts.map((text) => checkChoice(definition, `--${name}`, text));
    if (definition.value === undefined) values[name] = typed.length > 0;
    else if (checked.length > 0) values[name] = definition.multiple === true ? checked : checked.at(-1);
  }
  return values;
}

/** Returns the allowed choice that a value matches, ignoring case. Any value is allowed if there are no choices. */
function checkChoice(definition: Pick<OptionDefinition, 'choices'> | undefined, name: string, typed: string): string {
  if (definition?.choices === undefined) return typed;
  const choice = definition.choices.find((candidate) => candidate.toLowerCase() === typed.toLowerCase());
  if (choice !== undefined) return choice;
  throw new OperatorError(`${name} is "${typed}" but must be one of: ${definition.choices.join(', ')}.`);
}

/**
 * Throws UsageError that names all missing arguments. A required option with a blank value counts as missing.
 * @param lacking positional arguments that no word is left for
 */
function requireAll(words: readonly Word[], lacking: readonly ArgumentDefinition[], options: Options): void {
  const hasText = (name: string) => words.some(({ option, text }) => option === name && text.trim() !== '');
  const required = Object.keys(options).filter((name) => options[name]?.required === true);
  const missing = [
    ...lacking.map(({ name }) => name.replace('…', '')),
    ...required.filter((name) => !hasText(name)).map((name) => `--${name}`),
  ];
  if (missing.length === 0) return;
  const list = new Intl.ListFormat('en').format(missing);
  throw new UsageError(`${list} ${missing.length === 1 ? 'is' : 'are'} missing.`);
}

function unexpectedArgumentMessage(extra: Word, words: readonly Word[]): string {
  const before = words[words.indexOf(extra) - 1];
  const reason =
    before?.option !== undefined && before.option === extra.after && before.text !== ''
      ? `: --${before.option} takes one value. Put quotes around a value with spaces`
      : '';
  return `Unexpected argument "${extra.text}"${reason}.`;
}
