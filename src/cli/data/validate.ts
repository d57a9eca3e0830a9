import path from 'node:path';
import { fileInput, readLines, readText } from '../../intake/index.ts';
import { tryParseJson } from '../../kernel/index.ts';
import {
  buildR4Guide,
  createR4Validator,
  readGuide,
  type ValidationIssue,
  type Validator,
} from '../../validation/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { VALIDATE } from '../definitions/data.ts';

interface ValidatedResource {
  readonly file: string;
  /** Line number of the resource in an NDJSON file. undefined for other files. */
  readonly line?: number;
  /** Type and id of the resource, such as `Patient/85`, as far as they are present. */
  readonly resource: string;
  readonly issues: readonly ValidationIssue[];
}

export async function validateCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof VALIDATE>,
): Promise<number> {
  const { ig = [], profile = [] } = values;
  const guides = await Promise.all(
    ig.map(async (source) => buildR4Guide(await readGuide(path.resolve(input.folder, source)))),
  );
  const validator = createR4Validator(guides);
  const judged: ValidatedResource[] = [];
  for (const name of positionals)
    for await (const one of validateFile(validator, path.resolve(input.folder, name), profile)) judged.push(one);
  const displayed = judged.map((one) => ({
    ...one,
    issues: one.issues.filter(({ severity }) => values.all || severity === 'error'),
  }));
  printResult(input, displayed, reportText(displayed));
  return judged.some(({ issues }) => issues.some(({ severity }) => severity === 'error')) ? 1 : 0;
}

async function* validateFile(
  validator: Validator,
  file: string,
  profiles: readonly string[],
): AsyncGenerator<ValidatedResource> {
  const name = path.basename(file);
  const judge = (text: string): Pick<ValidatedResource, 'resource' | 'issues'> => {
    const parsed = tryParseJson(text);
    if (parsed === undefined)
      return {
        resource: '',
        issues: [{ severity: 'error', code: 'structure', path: '', text: 'This isn’t valid JSON.' }],
      };
    return { resource: resourceName(parsed), issues: validator.validate(parsed, profiles) };
  };
  if (!/\.(ndjson|jsonl)$/i.test(file)) {
    yield { file: name, ...judge(await readText(fileInput(file))) };
    return;
  }
  let line = 0;
  for await (const text of readLines(fileInput(file))) {
    line += 1;
    if (text.trim() !== '') yield { file: name, line, ...judge(text) };
  }
}

function resourceName(resource: unknown): string {
  const { resourceType, id } = (resource ?? {}) as { readonly resourceType?: unknown; readonly id?: unknown };
  return [resourceType, id].filter((part) => typeof part === 'string').join('/');
}

function reportText(judged: readonly ValidatedResource[]): string {
  const lines = judged.flatMap(({ file, line, resource, issues }) =>
    issues.length === 0
      ? []
      : [`${file}${line === undefined ? '' : `, line ${line}`}: ${resource}`, ...issues.map(issueText)],
  );
  const withErrors = judged.filter(({ issues }) => issues.some(({ severity }) => severity === 'error')).length;
  return [...lines, `${judged.length} validated, ${withErrors} with errors.`].join('\n');
}

const issueText = ({ severity, path: source, text, profile }: ValidationIssue): string =>
  `  ${severity}: ${source}: ${text}${profile === undefined ? '' : ` [${profile}]`}`;
