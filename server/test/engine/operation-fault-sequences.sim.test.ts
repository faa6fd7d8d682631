import { operationNames } from '../operation-faults/cells.ts';
import { proveSequences } from '../operation-faults/prove-sequences.ts';

for (const operation of operationNames) proveSequences(operation);
