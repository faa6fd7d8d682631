import { proveOperation } from '../operation-faults/prove.ts';

proveOperation('create');
proveOperation('update');
proveOperation('void');
proveOperation('reference');
