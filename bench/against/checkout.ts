import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A checkout of the project that is measured. */
export interface Checkout {
  /** `working tree`, or the ref. */
  readonly name: string;
  readonly folder: string;
  readonly commit: string;
  remove(): void;
}

const PROJECT = path.join(import.meta.dirname, '../..');

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: PROJECT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** The ref of `bench/baseline`, which deep tests compare with. */
export const readBaseline = (): string => readFileSync(path.join(PROJECT, 'bench/baseline'), 'utf8').trim();

export const workingTree = (): Checkout => ({
  name: 'working tree',
  folder: PROJECT,
  commit: git('rev-parse', 'HEAD'),
  remove() {},
});

/**
 * Checks a ref out into a temporary folder, and lets its own setup script install its packages and build its pages.
 * @throws an error if the repository doesn't have the ref
 */
export async function checkOut(ref: string): Promise<Checkout> {
  const commit = findCommit(ref);
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-ref-'));
  const remove = () => {
    git('worktree', 'remove', '--force', folder);
    rmSync(folder, { recursive: true, force: true });
  };
  git('worktree', 'add', '--detach', folder, commit);
  try {
    linkPackages(folder);
    const setup = spawn(process.execPath, ['scripts/setup.mjs'], { cwd: folder, stdio: ['ignore', 2, 2] });
    const [code] = await once(setup, 'exit');
    if (code !== 0) throw new Error(`The setup of ${ref} failed; the reason is above.`);
    return { name: ref, folder, commit, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function findCommit(ref: string): string {
  try {
    return git('rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`);
  } catch {
    throw new Error(`This repository has no commit ${ref}. In a shallow clone, run: git fetch --unshallow`);
  }
}

/**
 * Links the installed packages if the ref has the same ones, which takes a second instead of a minute. Compiled code
 * isn't linked, because both checkouts write to it.
 */
function linkPackages(folder: string): void {
  const read = (root: string) => readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  if (!existsSync(path.join(PROJECT, 'node_modules/.installed')) || read(folder) !== read(PROJECT)) return;
  const modules = path.join(folder, 'node_modules');
  try {
    execFileSync('cp', ['-al', path.join(PROJECT, 'node_modules'), modules], { stdio: 'ignore' });
  } catch {
    // Another file system, where files can't be linked.
    rmSync(modules, { recursive: true, force: true });
    cpSync(path.join(PROJECT, 'node_modules'), modules, { recursive: true, verbatimSymlinks: true });
  }
  rmSync(path.join(modules, '.cache'), { recursive: true, force: true });
}
