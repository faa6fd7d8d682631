import { proveOperation } from '../operation-faults/prove.ts';

proveOperation('update-internally');
proveOperation('void-internally');
