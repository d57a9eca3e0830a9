export { changeLayout } from './change-layout.ts';
export {
  askNodes,
  countEarlierReleases,
  estimateRows,
  findClusterProblem,
  findIdleMaintenance,
  findOnlineProblem,
  listClusterNodes,
  type NodeAnswer,
  planWorkerFunctions,
  readNodeShares,
} from './cluster.ts';
export { DISTRIBUTED_TABLES, distributionColumn, RECORD_TABLES, RELEASE_TRIGGERS } from './distributed-tables.ts';
export {
  findDistributedTables,
  isCitusInstalled,
  type LayoutStep,
  type LayoutTransaction,
  NO_READ_STANDBY,
  readTableLayout,
  readTableSizes,
  readTableTriggers,
  type TableLayout,
} from './layout.ts';
export { describePlan, isAnyOnline, planDistribution, planUndistribution } from './plan-layout.ts';
