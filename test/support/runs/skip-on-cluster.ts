import { beforeEach } from 'vitest';
import { SKIPPED_ON_CLUSTER } from '../database/skipped-on-cluster.ts';

beforeEach(({ task, skip }) => {
  for (const { file, tests = [''], reason } of SKIPPED_ON_CLUSTER)
    if (task.file.filepath.endsWith(`/${file}`) && tests.some((name) => task.fullTestName.includes(name))) skip(reason);
});
