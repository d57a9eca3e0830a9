// Runs jq, as compiled to WebAssembly, like the command: `jq [-r] FILTER [FILE]`.
import { readFileSync } from 'node:fs';
import { raw } from 'jq-wasm';

const words = process.argv.slice(2);
const [filter = '.', file] = words.filter((word) => !word.startsWith('-'));
const input = readFileSync(file ?? 0, 'utf8');
const output = await raw(
  input,
  filter,
  words.filter((word) => word.startsWith('-')),
);
if (output !== '') process.stdout.write(`${output}\n`);
