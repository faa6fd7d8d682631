import { writeFileSync } from 'node:fs';
import { operationFaultsDocument } from './document.ts';

writeFileSync(
  new URL('../../../docs/operation-faults.md', import.meta.url),
  operationFaultsDocument(),
);
