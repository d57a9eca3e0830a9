import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { list } from 'tar';
import { OperatorFault } from '../kernel/index.ts';

type AnyResource = { readonly resourceType: string };

/**
 * Reads the resources of an implementation guide.
 * @param source a package (`.tgz` as on packages.fhir.org) or a folder of JSON files
 * @throws OperatorError if there is no guide at the place or it can't be read
 */
export async function readGuide(source: string): Promise<readonly AnyResource[]> {
  if (!existsSync(source))
    throw new OperatorFault(`There is no guide at ${source}. Name a package (.tgz) or a folder.`);
  const texts = statSync(source).isDirectory() ? textsInFolder(source) : await textsInPackage(source);
  const resources = texts.flatMap(resourceIn);
  if (resources.some(({ resourceType }) => resourceType === 'StructureDefinition')) return resources;
  throw new OperatorFault(
    `${source} holds no StructureDefinition. Name a package (.tgz) of a guide, or the folder of its JSON files.`,
  );
}

/** An unpacked package has its files in `package/`. */
function textsInFolder(folder: string): readonly string[] {
  const packageFolder = path.join(folder, 'package');
  const source = existsSync(packageFolder) ? packageFolder : folder;
  return readdirSync(source)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(path.join(source, name), 'utf8'));
}

/** Folders below `package/` hold examples and tests. */
const DEFINITION = /^package\/[^/]+\.json$/;

async function textsInPackage(file: string): Promise<readonly string[]> {
  const texts: string[] = [];
  try {
    await list({
      file,
      strict: true,
      filter: (name) => DEFINITION.test(name),
      onReadEntry: (entry) => {
        const parts: Buffer[] = [];
        entry.on('data', (part) => parts.push(part));
        entry.on('end', () => texts.push(Buffer.concat(parts).toString('utf8')));
      },
    });
  } catch {
    throw new OperatorFault(`${file} can't be read as a package: it has to be a gzipped tar file.`);
  }
  return texts;
}

function resourceIn(text: string): readonly AnyResource[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'resourceType' in parsed ? [parsed as AnyResource] : [];
  } catch {
    return [];
  }
}
