import { parentPort, workerData } from 'node:worker_threads';
import { CoreError } from '../../shared/contract/errors.ts';
import { type RekeyJob, rekeyStore } from './rekey.ts';

const job = workerData as RekeyJob;
try {
	parentPort?.postMessage({ head: rekeyStore(job) });
} catch (error) {
	const code = error instanceof CoreError ? error.code : 'internal';
	parentPort?.postMessage({ failed: { code, message: error instanceof Error ? error.message : String(error) } });
} finally {
	job.key.fill(0);
	job.nextKey.fill(0);
}
