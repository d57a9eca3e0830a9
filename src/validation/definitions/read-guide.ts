import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { list } from 'tar';
import { OperatorError } from '../../kernel/index.ts';

type GuideResource = { readonly resourceType: string };

/**
 * Reads the resources of an implementation guide.
 * @param source path of a package (`.tgz` as on packages.fhir.org) or of a folder of JSON files
 * @throws OperatorError if there is no guide at the path or it can't be read
 */
export async function readGuide(source: string): Promise<readonly GuideResource[]> {
  if (!existsSync(source))
    throw new OperatorError(`There is no implementation guide at ${source}. Name a package (.tgz) or a folder.`);
  const texts = statSync(source).isDirectory() ? readFolder(source) : await readPackage(source);
  const resources = texts.flatMap(parseResource);
  if (resources.some(({ resourceType }) => resourceType === 'StructureDefinition')) return resources;
  throw new OperatorError(
    `${source} contains no StructureDefinition. Name the package (.tgz) of an implementation guide, or the folder of its JSON files.`,
  );
}

/** If the folder is an unpacked package, its files are in `package/` and are read from there. */
function readFolder(folder: string): readonly string[] {
  const packageFolder = path.join(folder, 'package');
  const source = existsSync(packageFolder) ? packageFolder : folder;
  return readdirSync(source)
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(path.join(source, name), 'utf8'));
}

/**
 * Matches the definition files of a package. Files in folders below `package/` are examples and tests, so they don't
 * match.
 */
const DEFINITION_FILE = /^package\/[^/]+\.json$/;

async function readPackage(file: string): Promise<readonly string[]> {
  const texts: string[] = [];
  try {
    await list({
      file,
      strict: true,
      filter: (name) => DEFINITION_FILE.test(name),
      onReadEntry: (entry) => {
        const parts: Buffer[] = [];
        entry.on('data', (part) => parts.push(part));
        entry.on('end', () => texts.push(Buffer.concat(parts).toString('utf8')));
      },
    });
  } catch {
    throw new OperatorError(`${file} can't be read as a package. It must be a gzipped tar file.`);
  }
  return texts;
}

function parseResource(text: string): readonly GuideResource[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'resourceType' in parsed ? [parsed as GuideResource] : [];
  } catch {
    return [];
  }
}
