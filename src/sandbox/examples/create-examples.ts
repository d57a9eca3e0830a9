import { ensureExampleGallery } from './ensure-gallery.ts';
import { type ExampleFeedDeps, sendExampleBundle } from './example-feed.ts';
import { deleteReads, refreshReads } from './refresh-reads.ts';

/**
 * Returns a function that brings the examples of use in the sandbox up to date: reads of the last two weeks, and a feed
 * with rejected entries, and the gallery of made-up apps. Several processes may call it: what another one has just done stays as it is.
 */
export const createExamples =
  ({ sandbox, ...deps }: ExampleFeedDeps & { readonly sandbox: boolean }): (() => Promise<void>) =>
  async () => {
    const { db, clock } = deps;
    if (!sandbox) return deleteReads(db);
    await ensureExampleGallery(deps);
    await refreshReads(db, clock);
    await sendExampleBundle(deps);
  };
