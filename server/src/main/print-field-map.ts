import { writeFileSync } from 'node:fs';
import { fieldMapDocument } from './field-map-document.ts';

writeFileSync(new URL('../../../docs/field-map.md', import.meta.url), fieldMapDocument());
