import { overwriteBuffers } from './overwrite-buffers.ts';

for (const _ of overwriteBuffers());
