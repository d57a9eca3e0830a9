// Runs jq, as compiled to WebAssembly, like the command: `jq [-r] FILTER [FILE]`.
import { readFileSync } from 'node:fs';
import jq from 'jq-web';

const words = process.argv.slice(2);
const options = words.filter((word) => word.startsWith('-'));
const [filter = '.', file] = words.filter((word) => !word.startsWith('-'));
const input = readFileSync(file ?? 0, 'utf8');
const { raw } = await jq;
const output = raw(input, filter, options);
if (output !== '') process.stdout.write(`${output.trimEnd()}\n`);
