import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { citusDatabase, type Node, nodesOf } from '../test/support/database/citus.ts';
