import { createHash } from 'node:crypto';
import type { CDPSession, Page } from 'playwright-core';
import { accessibilityFaults, overflows, WIDTHS } from './browser.ts';
import { DEEP, SEED } from './slice.ts';

/** A folder for pictures of each page that is checked. Without it none are taken. */
const SHOTS = process.env['SHOTS'];

/** Widths that a journey is walked at: the usual one of those who make it, and both in the deep tests. */
export const walkedAt = (usual: (typeof WIDTHS)[number]): readonly number[] => (DEEP ? WIDTHS : [usual]);

/** Whether a check that the deep tests make of everything is made here: one in six, by the seed of all slices. */
const sampled = (name: string): boolean =>
  DEEP || (createHash('sha256').update(`${SEED} ${name}`).digest()[0] ?? 0) % 6 === 0;

/**
 * What is wrong with a page as it stands. It must not overflow at any width. The accessibility checker reads it at the
 * width that it has now, and at the other one in the deep tests and for a sample.
 * @param variant a page that was checked in another language: the checker reads a sample of those
 */
export async function problemsOn(page: Page, name: string, variant = false): Promise<readonly string[]> {
  const usual = page.viewportSize();
  const problems: string[] = [];
  for (const width of WIDTHS) {
    const at = `${name} at ${width}`;
    await page.setViewportSize({ width, height: usual?.height ?? 900 });
    if (SHOTS !== undefined)
      await page.screenshot({ path: `${SHOTS}/${at.replaceAll(/[\s/]+/g, '-')}.png`, fullPage: true });
    if (await overflows(page)) problems.push(`${at} overflows`);
    if ((width === usual?.width && !variant) || sampled(at))
      problems.push(...(await withScripts(page, () => accessibilityFaults(page))).map((fault) => `${at}: ${fault}`));
  }
  if (usual !== null) await page.setViewportSize(usual);
  return problems;
}

const sessions = new WeakMap<Page, CDPSession>();

/** The checker is a script: on a page without JavaScript it is the only one that runs. */
async function withScripts<Result>(page: Page, act: () => Promise<Result>): Promise<Result> {
  if (!(await page.evaluate("matchMedia('(scripting: none)').matches"))) return act();
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page));
  sessions.set(page, session);
  const disable = (value: boolean) => session.send('Emulation.setScriptExecutionDisabled', { value });
  // A session changes nothing that it has not set itself.
  await disable(true);
  await disable(false);
  const result = await act();
  await disable(true);
  return result;
}
