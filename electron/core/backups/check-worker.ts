import { parentPort, workerData } from 'node:worker_threads';
import { CoreError } from '../../../shared/contract/errors.ts';
import { type CheckJob, checkCopy } from './check-copy.ts';

const job = workerData as CheckJob;
try {
	parentPort?.postMessage({ facts: checkCopy(job) });
} catch (error) {
	const code = error instanceof CoreError ? error.code : 'internal';
	parentPort?.postMessage({ failed: { code, message: error instanceof Error ? error.message : String(error) } });
} finally {
	for (const key of job.keys) key.fill(0);
}
