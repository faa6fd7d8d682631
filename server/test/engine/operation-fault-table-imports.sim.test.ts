import { proveOperation } from '../operation-faults/prove.ts';

proveOperation('import');
proveOperation('reference-internally');
