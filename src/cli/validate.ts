import path from 'node:path';
import { fileInput, linesOf, textOf } from '../intake/index.ts';
import { type Issue, r4Guide, r4Validator, readGuide, type Validator } from '../validation/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';

interface Judged {
  readonly file: string;
  /** Line of an NDJSON file. */
  readonly line?: number;
  /** `Patient/85`, as far as type and id are present. */
  readonly resource: string;
  readonly issues: readonly Issue[];
}

const OPTIONS = {
  ig: { type: 'string', multiple: true, default: [] as string[] },
  profile: { type: 'string', multiple: true, default: [] as string[] },
  all: { type: 'boolean', default: false },
} as const;

export async function validate(input: CommandInput): Promise<number> {
  const { values, positionals } = readArguments(input.arguments, OPTIONS, ['FILE…']);
  const guides = await Promise.all(
    values.ig.map(async (source) => r4Guide(await readGuide(path.resolve(input.folder, source)))),
  );
  const validator = r4Validator(guides);
  const judged: Judged[] = [];
  for (const name of positionals)
    for await (const one of judgeFile(validator, path.resolve(input.folder, name), values.profile)) judged.push(one);
  const displayed = judged.map((one) => ({
    ...one,
    issues: one.issues.filter(({ severity }) => values.all || severity === 'error'),
  }));
  answer(input, displayed, reportText(displayed));
  return judged.some(({ issues }) => issues.some(({ severity }) => severity === 'error')) ? 1 : 0;
}

async function* judgeFile(validator: Validator, file: string, profiles: readonly string[]): AsyncGenerator<Judged> {
  const name = path.basename(file);
  const judge = (text: string): Pick<Judged, 'resource' | 'issues'> => {
    const parsed = parsedJson(text);
    if (parsed === undefined)
      return { resource: '', issues: [{ severity: 'error', code: 'structure', path: '', text: 'This is not JSON.' }] };
    return { resource: nameOf(parsed), issues: validator.validate(parsed, profiles) };
  };
  if (!/\.(ndjson|jsonl)$/i.test(file)) {
    yield { file: name, ...judge(await textOf(fileInput(file))) };
    return;
  }
  let line = 0;
  for await (const text of linesOf(fileInput(file))) {
    line += 1;
    if (text.trim() !== '') yield { file: name, line, ...judge(text) };
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function nameOf(resource: unknown): string {
  const { resourceType, id } = (resource ?? {}) as { readonly resourceType?: unknown; readonly id?: unknown };
  return [resourceType, id].filter((part) => typeof part === 'string').join('/');
}

function reportText(judged: readonly Judged[]): string {
  const lines = judged.flatMap(({ file, line, resource, issues }) =>
    issues.length === 0
      ? []
      : [`${file}${line === undefined ? '' : `, line ${line}`}: ${resource}`, ...issues.map(issueText)],
  );
  const withErrors = judged.filter(({ issues }) => issues.some(({ severity }) => severity === 'error')).length;
  return [...lines, `${judged.length} looked at, ${withErrors} with errors.`].join('\n');
}

const issueText = ({ severity, path: source, text, profile }: Issue): string =>
  `  ${severity}: ${source}: ${text}${profile === undefined ? '' : ` [${profile}]`}`;
