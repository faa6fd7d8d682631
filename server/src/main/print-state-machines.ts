import { writeFileSync } from 'node:fs';
import { stateMachinesDocument } from './state-machines-document.ts';

writeFileSync(new URL('../../../docs/state-machines.md', import.meta.url), stateMachinesDocument());
