import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * Error for wrong arguments of a command. The message says what is wrong, and the usage of the command is printed after
 * it.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Reads the options and positional arguments of a command. An option with `multiple` takes its values after one flag or
 * after several: `--add A B` means the same as `--add A --add B`.
 * @param names names of the positional arguments, all required; a last one that ends in `…` takes one or more
 * @throws UsageError if an argument is missing or unexpected
 */
export function readArguments<const Options extends ParseArgsOptionsConfig, const Names extends readonly string[]>(
  args: readonly string[],
  options: Options,
  names: Names,
) {
  const { values, positionals } = parseArgs({
    args: repeatFlags(args, options, names),
    options,
    allowPositionals: true,
  });
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing.replace('…', '')} is missing.`);
  const extra = positionals[names.length];
  if (extra !== undefined && !isVariadic(names)) throw new UsageError(unexpectedArgumentMessage(extra, args, options));
  return { values, positionals: positionals as readonly string[] & { readonly [Name in keyof Names]: string } };
}

const isVariadic = (names: readonly string[]): boolean => names.at(-1)?.endsWith('…') === true;

/** Rewrites `--add A B` as `--add A --add=B`, so that each value of an option has a flag of its own. */
function repeatFlags(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  names: readonly string[],
): readonly string[] {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  const further: { readonly index: number; readonly flag: string }[] = [];
  let flag: string | undefined;
  let positionals = 0;
  for (const token of tokens) {
    if (token.kind === 'option') flag = options[token.name]?.multiple === true ? token.name : undefined;
    else if (token.kind === 'option-terminator') flag = undefined;
    else if (flag === undefined) positionals += 1;
    else further.push({ index: token.index, flag });
  }
  // Words after the first value of an option are further values, unless positional arguments are missing. Then the last
  // words are these arguments: in `--add A B GROUP_ID`, for example, GROUP_ID is positional. If the last positional
  // argument takes one or more words, all these words are positional.
  const lacking = positionals >= names.length ? 0 : isVariadic(names) ? further.length : names.length - positionals;
  const flags = new Map(
    further.slice(0, Math.max(0, further.length - lacking)).map(({ index, flag }) => [index, flag]),
  );
  return args.map((word, index) => (flags.has(index) ? `--${flags.get(index)}=${word}` : word));
}

function unexpectedArgumentMessage(extra: string, args: readonly string[], options: ParseArgsOptionsConfig): string {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
  const at = tokens.findIndex((token) => token.kind === 'positional' && token.value === extra);
  const before = tokens[at - 1];
  const reason =
    before?.kind === 'option' && options[before.name]?.type === 'string'
      ? `: ${before.rawName} takes one value. Put quotes around a value with spaces`
      : '';
  return `Unexpected argument "${extra}"${reason}.`;
}
