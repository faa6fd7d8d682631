import { proveOperation } from '../operation-faults/prove.ts';

proveOperation('pay');
proveOperation('change-payment');
proveOperation('removal');
proveOperation('pay-internally');
proveOperation('change-payment-internally');
proveOperation('removal-internally');
